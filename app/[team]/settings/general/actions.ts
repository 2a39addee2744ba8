"use server"

import { changeSlug as change } from "@/lib/team-settings/change-slug"
import { deleteTeam as deleteIt } from "@/lib/team-settings/delete-team"
import { renameTeam as rename } from "@/lib/team-settings/rename-team"
import { saveBillingDetails as saveDetails } from "@/lib/team-settings/save-billing-details"
import { saveLowBalance as saveThreshold } from "@/lib/team-settings/save-low-balance"
import { saveMembersSeeCosts as saveSeesCosts } from "@/lib/team-settings/save-members-see-costs"
import { saveTimeZone as saveZone } from "@/lib/team-settings/save-time-zone"
import {
  billingDetailsSchema,
  changeSlugSchema,
  deleteTeamSchema,
  lowBalanceSchema,
  membersSeeCostsSchema,
  renameTeamSchema,
  teamTimeZoneSchema,
} from "@/lib/team-settings/schema"
import { memberAction } from "@/lib/web/member-action"

export const renameTeam = memberAction({
  permission: "team:manage",
  input: renameTeamSchema,
  run: rename,
})

export const changeSlug = memberAction({
  permission: "team:manage",
  input: changeSlugSchema,
  run: change,
})

export const saveTeamTimeZone = memberAction({
  permission: "team:manage",
  input: teamTimeZoneSchema,
  run: saveZone,
})

export const saveLowBalance = memberAction({
  permission: "team:manage",
  input: lowBalanceSchema,
  run: saveThreshold,
})

export const saveMembersSeeCosts = memberAction({
  permission: "team:manage",
  input: membersSeeCostsSchema,
  run: saveSeesCosts,
})

export const deleteTeam = memberAction({
  permission: "team:delete",
  input: deleteTeamSchema,
  run: deleteIt,
})

export const saveBillingDetails = memberAction({
  permission: "team:manage",
  input: billingDetailsSchema,
  asksStripe: true,
  run: saveDetails,
})
