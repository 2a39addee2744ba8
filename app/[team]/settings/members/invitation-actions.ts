"use server"

import { allowDomain as allow, disallowDomain as disallow } from "@/lib/invitations/domains"
import { domainSchema, invitationRefSchema, inviteSchema } from "@/lib/invitations/schema"
import {
  resendInvitation as resend,
  revokeInvitation as revoke,
  invite as send,
} from "@/lib/invitations/send-invitation"
import { memberAction } from "@/lib/web/member-action"

export const invite = memberAction({
  permission: "members:manage",
  input: inviteSchema,
  run: send,
})

export const resendInvitation = memberAction({
  permission: "members:manage",
  input: invitationRefSchema,
  run: resend,
})

export const revokeInvitation = memberAction({
  permission: "members:manage",
  input: invitationRefSchema,
  run: revoke,
})

export const allowDomain = memberAction({
  permission: "domains:manage",
  input: domainSchema,
  run: allow,
})

export const disallowDomain = memberAction({
  permission: "domains:manage",
  input: domainSchema,
  run: disallow,
})
