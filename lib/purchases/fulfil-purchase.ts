import type { Db } from "@/lib/db/client"
import { postCredit } from "@/lib/ledger/post"
import { alarm } from "@/lib/log"
import type { CapturedPayment } from "@/lib/stripe/gateway"
import { lockPurchase, markSucceeded, type PurchaseRef, parkPayment } from "./store"

export type Fulfilment = "credited" | "already_credited" | "parked"

/**
 * Credits a payment that Stripe captured to the pool of its purchase, once, whoever calls first: the webhook's job, the
 * return page, the open dialog or the settling job. What was captured counts, not what was quoted. It is credited
 * whatever has become of the purchase, the person or the team meanwhile; money that fits no purchase is parked.
 */
export async function fulfilPurchase(
  ctx: { db: Db; now: Date },
  ref: PurchaseRef,
  payment: CapturedPayment,
): Promise<Fulfilment> {
  const { capturedNanos, paymentIntentId, amountMinor, currency, receiptUrl } = payment
  return ctx.db.$transaction(async (tx) => {
    const purchase = await lockPurchase(tx, ref)
    const park = async (reason: string): Promise<Fulfilment> => {
      await parkPayment(tx, { paymentIntentId, teamId: ref.teamId, amountMinor, currency, reason })
      alarm("payment_parked", { payment: paymentIntentId, team: ref.teamId, reason })
      return "parked"
    }

    if (!purchase) return park("unknown_purchase")
    if (purchase.status === "succeeded")
      return purchase.paymentIntentId === paymentIntentId ? "already_credited" : park("purchase_paid_twice")
    if (capturedNanos === null) return park("other_currency")
    if (capturedNanos <= 0n) return park("nothing_captured")
    if (capturedNanos !== purchase.amountNanos)
      alarm("captured_differs_from_quote", { purchase: purchase.id, payment: paymentIntentId })

    await markSucceeded(tx, purchase, { paymentIntentId, capturedNanos, receiptUrl }, ctx.now)
    await postCredit(tx, {
      teamId: purchase.teamId,
      poolId: purchase.poolId,
      source: purchase.kind === "auto_top_up" ? "auto_top_up" : "purchase",
      amountNanos: capturedNanos,
      causeId: purchase.id,
      occurredAt: ctx.now,
    })
    return "credited"
  })
}
