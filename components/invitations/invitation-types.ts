import type { GivenRole } from "@/lib/members/schema"
import type { ActionResult } from "@/lib/web/action-result"

export type InvitationEntry = {
  id: string
  email: string
  /** `Admin` */
  role: string
  invitedBy: string
  sentAt: string
  expiresAt: string
  hasExpired: boolean
}

export type Invite = (input: { email: string; role: GivenRole }) => Promise<ActionResult<unknown>>

export type InvitationActions = {
  resendInvitation: (input: { invitationId: string }) => Promise<ActionResult<void>>
  revokeInvitation: (input: { invitationId: string }) => Promise<ActionResult<void>>
}

export type DomainActions = {
  allowDomain: (input: { domain: string }) => Promise<ActionResult<void>>
  disallowDomain: (input: { domain: string }) => Promise<ActionResult<void>>
}
