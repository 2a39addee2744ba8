"use server"

import { acceptInvitation as accept } from "@/lib/invitations/accept-invitation"
import { joinByDomain as join } from "@/lib/invitations/domains"
import { acceptInvitationSchema, joinByDomainSchema } from "@/lib/invitations/schema"
import { personAction } from "@/lib/web/person-action"
import { requestAddress } from "@/lib/web/request-address"

export const acceptInvitation = personAction({
  input: acceptInvitationSchema,
  run: async ({ user, ...ctx }, input) =>
    accept({ ...ctx, person: { ...user, address: await requestAddress() } }, input),
})

export const joinByDomain = personAction({
  input: joinByDomainSchema,
  run: async ({ user, ...ctx }, input) =>
    join({ ...ctx, person: { ...user, address: await requestAddress() } }, input),
})
