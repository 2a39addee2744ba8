"use server"

import { finishAuthentication as finish, readAuthentication as read } from "@/lib/auto-top-up/authentication"
import { getUsageForDryRun } from "@/lib/auto-top-up/queries"
import { resumeTopUps, saveSettings } from "@/lib/auto-top-up/save-settings"
import { poolRefSchema, resumeSchema, saveSettingsSchema } from "@/lib/auto-top-up/schema"
import { requirePoolNo } from "@/lib/pools/queries"
import { memberAction } from "@/lib/web/member-action"

const permission = "auto-top-up:manage"

export const saveAutoTopUp = memberAction({
  permission,
  input: saveSettingsSchema,
  asksStripe: true,
  run: saveSettings,
})

export const resumeAutoTopUp = memberAction({
  permission,
  input: resumeSchema,
  asksStripe: true,
  run: resumeTopUps,
})

export const readUsage = memberAction({
  permission,
  input: poolRefSchema,
  async run({ db, now, team }, { poolId }) {
    await requirePoolNo(db, team.id, poolId)
    return getUsageForDryRun(db, { teamId: team.id, poolId }, now)
  },
})

export const readAuthentication = memberAction({
  permission,
  input: poolRefSchema,
  asksStripe: true,
  run: read,
})

export const finishAuthentication = memberAction({
  permission,
  input: poolRefSchema,
  asksStripe: true,
  run: finish,
})
