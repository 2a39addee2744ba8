"use server"

import { acceptOwnership as accept, declineOwnership as decline } from "@/lib/members/accept-ownership"
import {
  confirmOffer as confirm,
  offerOwnership as offer,
  withdrawOffer as withdraw,
} from "@/lib/members/offer-ownership"
import { confirmOfferSchema, offerOwnershipSchema, ownershipSchema } from "@/lib/members/schema"
import { memberAction } from "@/lib/web/member-action"

export const offerOwnership = memberAction({
  permission: "ownership:transfer",
  input: offerOwnershipSchema,
  run: offer,
})

export const confirmOffer = memberAction({
  permission: "ownership:transfer",
  input: confirmOfferSchema,
  run: confirm,
})

export const withdrawOffer = memberAction({
  permission: "ownership:transfer",
  input: ownershipSchema,
  run: withdraw,
})

export const acceptOwnership = memberAction({
  permission: "ownership:accept",
  input: ownershipSchema,
  run: accept,
})

export const declineOwnership = memberAction({
  permission: "ownership:accept",
  input: ownershipSchema,
  run: decline,
})
