"use server"

import { markRead as mark } from "@/lib/notifications/mark-read"
import { savePreference as save } from "@/lib/notifications/save-preferences"
import { markReadSchema, savePreferenceSchema } from "@/lib/notifications/schema"
import { memberAction } from "@/lib/web/member-action"

export const markRead = memberAction({
  permission: "notifications:view",
  input: markReadSchema,
  run: ({ db, now, team, member }, { notificationIds }) =>
    mark({ db, now }, team.id, member, notificationIds),
})

export const savePreference = memberAction({
  permission: "notifications:view",
  input: savePreferenceSchema,
  run: ({ db, now, team, member }, choice) => save(db, { teamId: team.id, memberId: member.id }, choice, now),
})
