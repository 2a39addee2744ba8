import type { Db, Tx } from "@/lib/db/client"
import { postCredit } from "@/lib/ledger/post"
import { alarm } from "@/lib/log"
import { lockPayment } from "@/lib/money-back/captured-purchase"
import { settleClawbacks } from "@/lib/money-back/settle-clawbacks"
import { enqueueJob } from "@/lib/queue/enqueue"
import { areCreditsInvoiced } from "@/lib/stripe/are-credits-invoiced"
import type { CapturedPayment } from "@/lib/stripe/payment-state"
import { noteTopUpSucceeded } from "@/lib/top-up-settings/note-succeeded"
import { lockPurchase, type PurchaseRef } from "./find-purchase"
import { parkPayment } from "./park-payment"
import { markSucceeded } from "./store"
import { tellSucceeded } from "./tell-outcome"

export type Fulfilment = "credited" | "already_credited" | "parked"

type Ctx = { db: Db; now: Date }

/**
 * Credits a captured payment to the pool of its purchase, once, whoever calls first: the webhook's job, the return page, the
 * open dialog or the settling job. It credits the amount that was paid for credits: not the quote, and not the tax that was
 * captured with it. Nothing that has happened to the purchase, the person or the team meanwhile prevents that. Money that fits
 * no purchase is parked. Refunds and disputes that came first take their part back at once.
 */
export async function fulfilPurchase(
  ctx: Ctx,
  ref: PurchaseRef,
  payment: CapturedPayment,
): Promise<Fulfilment> {
  const outcome = await credit(ctx, ref, payment)
  if (outcome === "credited" || outcome === "already_credited") return outcome
  await parkPayment(ctx, { teamId: ref.teamId, payment, reason: outcome.parkedFor })
  return "parked"
}

function credit(
  ctx: Ctx,
  ref: PurchaseRef,
  { paymentIntentId, capturedNanos, paidNanos, receiptUrl }: CapturedPayment,
): Promise<"credited" | "already_credited" | { parkedFor: string }> {
  return ctx.db.$transaction(async (tx) => {
    await lockPayment(tx, paymentIntentId)
    const purchase = await lockPurchase(tx, ref)
    if (!purchase) return { parkedFor: "unknown_purchase" }
    if (purchase.status === "succeeded")
      return purchase.paymentIntentId === paymentIntentId
        ? "already_credited"
        : { parkedFor: "purchase_paid_twice" }
    if (capturedNanos === null) return { parkedFor: "other_currency" }
    if (capturedNanos <= 0n) return { parkedFor: "nothing_captured" }
    if (capturedNanos !== purchase.amountNanos)
      alarm("captured_differs_from_quote", { purchase: purchase.id, payment: paymentIntentId })

    await markSucceeded(tx, purchase, { paymentIntentId, capturedNanos, paidNanos, receiptUrl }, ctx.now)
    await postCredit(tx, {
      teamId: purchase.teamId,
      poolId: purchase.poolId,
      source: purchase.kind === "auto_top_up" ? "auto_top_up" : "purchase",
      amountNanos: capturedNanos,
      causeId: purchase.id,
      occurredAt: ctx.now,
    })
    // The money may have left again before it was credited.
    const { teamId, id, poolId, kind } = purchase
    await settleClawbacks(
      { tx, now: ctx.now },
      {
        teamId,
        id,
        poolId,
        kind,
        capturedNanos,
        paidNanos: paidNanos ?? capturedNanos,
        paymentIntentId,
        settledAt: ctx.now,
      },
    )
    await tellSucceeded(tx, purchase, capturedNanos, ctx.now)
    if (kind === "auto_top_up") {
      await noteTopUpSucceeded(tx, { teamId, poolId }, ctx.now)
      await enqueueInvoice(tx, { teamId, purchaseId: id })
    }
    return "credited"
  })
}

/** Schedules the invoice of a credited top-up. Checkout writes the invoices of other purchases by itself. */
async function enqueueInvoice(tx: Tx, ref: PurchaseRef): Promise<void> {
  if (!areCreditsInvoiced()) return
  await enqueueJob(tx, "invoice-top-up", ref, { key: `invoice-top-up:${ref.purchaseId}` })
}
