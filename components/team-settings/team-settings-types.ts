import type { ActionResult } from "@/lib/web/action-result"

export type TeamSettingsEntry = {
  name: string
  slug: string
  /** Null: UTC. */
  timeZone: string | null
  /** In USD. */
  lowBalance: string
  membersSeeCosts: boolean
}

export type RenameTeam = (input: { name: string }) => Promise<ActionResult<void>>
export type ChangeSlug = (input: { slug: string }) => Promise<ActionResult<{ slug: string }>>
export type SaveTimeZone = (input: { timeZone: string | null }) => Promise<ActionResult<void>>
export type SaveLowBalance = (input: { threshold: string }) => Promise<ActionResult<void>>
export type SaveMembersSeeCosts = (input: { seesCosts: boolean }) => Promise<ActionResult<void>>
export type DeleteTeam = (input: { name: string }) => Promise<ActionResult<void>>

export type TeamSettingsActions = {
  renameTeam: RenameTeam
  changeSlug: ChangeSlug
  saveTimeZone: SaveTimeZone
  saveLowBalance: SaveLowBalance
  saveMembersSeeCosts: SaveMembersSeeCosts
}

/** Empty texts are none. */
export type BillingDetailsEntry = {
  email: string
  company: string
  line1: string
  line2: string
  postalCode: string
  city: string
  state: string
  country: string
  taxIdType: string
  taxIdValue: string
}

export type SaveBillingDetails = (input: BillingDetailsEntry) => Promise<ActionResult<void>>
