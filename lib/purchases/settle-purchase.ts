import type { Db } from "@/lib/db/client"
import { alarm } from "@/lib/log"
import { readCheckout } from "@/lib/stripe/gateway"
import { answerForReader } from "@/lib/stripe/outcome"
import type { PaymentState } from "@/lib/stripe/payment-state"
import { moveForward } from "./advance-purchase"
import { getPurchase, type PurchaseRef, type StoredPurchase } from "./find-purchase"
import { fulfilPurchase } from "./fulfil-purchase"

type Ctx = { db: Db; now: Date }

/**
 * Asks Stripe what became of a purchase, records it, and credits a captured payment. Safe to call at any time and by several at
 * once. Throws `UnavailableError`, and changes nothing, if Stripe can't be asked.
 */
export async function settlePurchase(ctx: Ctx, ref: PurchaseRef): Promise<StoredPurchase | null> {
  const purchase = await getPurchase(ctx.db, ref)
  if (!purchase?.checkoutSessionId || purchase.status === "succeeded") return purchase
  const checkout = answerForReader(await readCheckout(purchase.checkoutSessionId))
  if (checkout.kind !== "found") alarm("stripe_object_missing", { object: purchase.checkoutSessionId })
  else await applyPaymentState(ctx, ref, checkout.state)
  return getPurchase(ctx.db, ref)
}

/** Records a state that Stripe reported. Late and repeated reports change nothing. */
export async function applyPaymentState(ctx: Ctx, ref: PurchaseRef, state: PaymentState): Promise<void> {
  switch (state.status) {
    case "paid":
      await fulfilPurchase(ctx, ref, state.payment)
      return
    case "processing":
    case "expired":
      await moveForward(ctx, ref, { status: state.status })
      return
    case "failed":
      await moveForward(ctx, ref, { status: "failed", failureReason: state.reason })
      return
    case "nothing_due":
      // Every checkout of ours has a price when it opens. Nobody can pay this one any more.
      alarm("checkout_without_payment", { purchase: ref.purchaseId, team: ref.teamId })
      await moveForward(ctx, ref, { status: "failed", failureReason: "Nothing was charged." })
      return
    case "open":
      return
  }
}
