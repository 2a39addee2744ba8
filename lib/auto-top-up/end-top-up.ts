import type { Db } from "@/lib/db/client"
import { alarm } from "@/lib/log"
import { advancePurchase, moveForward, type StatusChange } from "@/lib/purchases/advance-purchase"
import { lockPurchase } from "@/lib/purchases/find-purchase"
import type { ChargeFailure } from "@/lib/stripe/decline-codes"
import { requireAnswer } from "@/lib/stripe/outcome"
import { cancelTopUpPayment } from "@/lib/stripe/top-up-payments"
import { noteTopUpFailed } from "./note-failed"
import { ownFailure } from "./own-failures"
import type { OpenTopUp } from "./store"

type Ctx = { db: Db; now: Date }

/** Cancels a top-up that nobody wants any more. */
export async function cancelTopUp(ctx: Ctx, topUp: OpenTopUp, paymentIntentId: string): Promise<void> {
  if (await isCancelledAtStripe(paymentIntentId)) await moveForward(ctx, topUp, { status: "cancelled" })
}

/** Ends a top-up as failed, at Stripe first, so that a payment that has failed for us can't be paid there any more. */
export async function endTopUp(
  ctx: Ctx,
  topUp: OpenTopUp,
  paymentIntentId: string,
  failure: ChargeFailure,
): Promise<void> {
  if (await isCancelledAtStripe(paymentIntentId)) await failTopUp(ctx, topUp, failure)
}

/** Ends a top-up whose confirmation was our mistake, even if Stripe refuses to cancel it. */
export async function giveUpTopUp(ctx: Ctx, topUp: OpenTopUp, paymentIntentId: string): Promise<void> {
  const outcome = await cancelTopUpPayment(paymentIntentId)
  if (outcome.kind === "unavailable" || outcome.kind === "not_open") requireAnswer({ kind: "unavailable" })
  await failTopUp(ctx, topUp, ownFailure("not_accepted"))
}

async function isCancelledAtStripe(paymentIntentId: string): Promise<boolean> {
  const outcome = requireAnswer(await cancelTopUpPayment(paymentIntentId))
  // It was paid, or cancelled by somebody else, at the same moment. The next look tells which.
  if (outcome.kind === "not_open") alarm("top_up_changed_while_ending", { payment: paymentIntentId })
  return outcome.kind === "cancelled"
}

/** Records that a top-up failed. */
export async function failTopUp(ctx: Ctx, topUp: OpenTopUp, failure: ChargeFailure): Promise<void> {
  await ctx.db.$transaction(async (tx) => {
    const purchase = await lockPurchase(tx, topUp)
    if (!purchase) throw new Error("A top-up vanished while it failed")
    const { code, words } = failure
    const change: StatusChange = { status: "failed", failureCode: code, failureReason: words }
    const hasMoved = await advancePurchase(tx, purchase, change, ctx.now)
    if (hasMoved) await noteTopUpFailed(tx, purchase, failure, ctx.now)
  })
}
