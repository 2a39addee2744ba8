import { settleClawbacks } from "@/lib/clawbacks/settle-clawbacks"
import type { Db } from "@/lib/db/client"
import { alarm } from "@/lib/log"
import { lockCapturedPurchase, lockPayment } from "@/lib/purchases/captured-purchase"
import type { RefundRead } from "@/lib/stripe/read-refunds"
import { saveRefund } from "./store"

/** `waiting`: its payment is not credited, and if it ever is, the refund takes it back at once. */
export type RefundApplied = "applied" | "waiting" | "stale" | "ignored"

/**
 * Writes down what was read of a refund at Stripe, and takes its credits back, or gives them back if it failed: once for
 * each refund, whoever reports it, how often and in which order. Credits are taken as soon as Stripe knows the refund,
 * because the money is promised from then on. Whose it is, our own record of the customer says.
 */
export async function applyRefund(
  ctx: { db: Db; now: Date },
  { refund, readNo }: { refund: RefundRead; readNo: bigint },
): Promise<RefundApplied> {
  const { stripeRefundId, paymentIntentId, customerId, amountNanos } = refund
  const customer = customerId && (await ctx.db.stripeCustomer.findUnique({ where: { id: customerId } }))
  // Of somebody who isn't a customer of ours, or of a payment that we can't have asked for.
  if (!customer || !paymentIntentId) return "ignored"
  const { teamId } = customer
  if (amountNanos === null) {
    alarm("refund_in_other_currency", { refund: stripeRefundId, payment: paymentIntentId, team: teamId })
    return "ignored"
  }
  return ctx.db.$transaction(async (tx) => {
    await lockPayment(tx, paymentIntentId)
    const purchase = await lockCapturedPurchase(tx, teamId, paymentIntentId)
    const purchaseId = purchase?.id ?? null
    const isNews = await saveRefund(tx, {
      ...refund,
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
