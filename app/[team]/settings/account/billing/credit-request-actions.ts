"use server"

import { approveRequest as approve, declineRequest as decline } from "@/lib/credit-requests/answer-request"
import { withdrawRequest as withdraw } from "@/lib/credit-requests/end-request"
import { moveCredits as move } from "@/lib/credit-requests/move-credits"
import { requestCredits as request } from "@/lib/credit-requests/request-credits"
import {
  approveRequestSchema,
  declineRequestSchema,
  moveCreditsSchema,
  requestCreditsSchema,
  requestRefSchema,
} from "@/lib/credit-requests/schema"
import { memberAction } from "@/lib/web/member-action"

export const requestCredits = memberAction({
  permission: "credits:request",
  input: requestCreditsSchema,
  run: request,
})

export const withdrawRequest = memberAction({
  permission: "own-balance:view",
  input: requestRefSchema,
  run: withdraw,
})

export const approveRequest = memberAction({
  permission: "credit-requests:answer",
  input: approveRequestSchema,
  run: approve,
})

export const declineRequest = memberAction({
  permission: "credit-requests:answer",
  input: declineRequestSchema,
  run: decline,
})

export const moveCredits = memberAction({
  permission: "credits:transfer",
  input: moveCreditsSchema,
  run: move,
})
