import { requireAnswer } from "@/lib/stripe/outcome"
import { takeReadNumber } from "@/lib/stripe/read-number"
import { readRefund, readRefundsOf } from "@/lib/stripe/read-refunds"
import type { EventHandler } from "@/lib/stripe/received-event"
import type { ClaimApplied } from "./apply-claim"
import { applyRefund } from "./apply-refund"

/** Records what a refund at Stripe has become. */
export const recordRefund: EventHandler = async (ctx, { objectId }) => {
  const readNo = await takeReadNumber(ctx.db)
  const found = requireAnswer(await readRefund(objectId))
  // Happens under a wrong key or a restored database, for instance. The event stays visible and can be delivered
  // again.
  if (found.kind === "missing") throw new Error(`Stripe has no ${objectId}`)
  return toStatus([await applyRefund(ctx, { refund: found.refund, readNo })])
}

/** Records every refund of a charge. The charge itself only names their sum. */
export const recordRefundsOfCharge: EventHandler = async (ctx, { objectId }) => {
  const readNo = await takeReadNumber(ctx.db)
  const found = requireAnswer(await readRefundsOf({ charge: objectId }))
  if (found.kind === "missing") throw new Error(`Stripe has no ${objectId}`)
  const outcomes: ClaimApplied[] = []
  for (const refund of found.refunds) outcomes.push(await applyRefund(ctx, { refund, readNo }))
  return toStatus(outcomes)
}

function toStatus(outcomes: ClaimApplied[]): "processed" | "ignored" {
  return outcomes.some((outcome) => outcome !== "ignored") ? "processed" : "ignored"
}
