"use server"

import { changeRole as change } from "@/lib/members/change-role"
import { leaveTeam as leave } from "@/lib/members/leave-team"
import { removeMember as remove } from "@/lib/members/remove-member"
import { changeRoleSchema, leaveTeamSchema, removeMemberSchema } from "@/lib/members/schema"
import { memberAction } from "@/lib/web/member-action"

export const changeRole = memberAction({
  permission: "members:manage",
  input: changeRoleSchema,
  run: change,
})

export const removeMember = memberAction({
  permission: "members:manage",
  input: removeMemberSchema,
  run: remove,
})

export const leaveTeam = memberAction({
  permission: "membership:end",
  input: leaveTeamSchema,
  run: leave,
})
