import { settleClawbacks } from "@/lib/clawbacks/settle-clawbacks"
import type { Db } from "@/lib/db/client"
import { alarm } from "@/lib/log"
import { lockCapturedPurchase, lockPayment } from "@/lib/purchases/captured-purchase"
import type { DisputeRead } from "@/lib/stripe/read-dispute"
import { saveDispute } from "./store"

/** `waiting`: its payment is not credited, and if it ever is, the dispute takes it back at once. */
export type DisputeApplied = "applied" | "waiting" | "stale" | "ignored"

/**
 * Writes down what was read of a dispute at Stripe. An open or lost one has taken its amount back from the pool, a won one
 * has returned it, an inquiry has done neither, whatever was reported before and in which order. Whose it is, our own
 * record of the customer says.
 */
export async function applyDispute(
  ctx: { db: Db; now: Date },
  { dispute, readNo }: { dispute: DisputeRead; readNo: bigint },
): Promise<DisputeApplied> {
  const { stripeDisputeId, paymentIntentId, customerId, amountNanos } = dispute
  const customer = customerId && (await ctx.db.stripeCustomer.findUnique({ where: { id: customerId } }))
  // Of somebody who isn't a customer of ours, or of a payment that we can't have asked for.
  if (!customer || !paymentIntentId) return "ignored"
  const { teamId } = customer
  if (amountNanos === null) {
    alarm("dispute_in_other_currency", { dispute: stripeDisputeId, payment: paymentIntentId, team: teamId })
    return "ignored"
  }
  return ctx.db.$transaction(async (tx) => {
    await lockPayment(tx, paymentIntentId)
    const purchase = await lockCapturedPurchase(tx, teamId, paymentIntentId)
    const purchaseId = purchase?.id ?? null
    const isNews = await saveDispute(tx, {
      ...dispute,
      teamId,
      paymentIntentId,
      purchaseId,
      amountNanos,
      readNo,
    })
    if (!isNews) return "stale"
    if (!purchase) return "waiting"
    await settleClawbacks({ tx, now: ctx.now }, purchase)
    return "applied"
  })
}
