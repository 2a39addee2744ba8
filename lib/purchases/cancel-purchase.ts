import type { Db } from "@/lib/db/client"
import { expireCheckout } from "@/lib/stripe/gateway"
import { moveForward } from "./advance-purchase"
import { getPurchase, type PurchaseRef, requirePurchase } from "./find-purchase"
import { getProgress } from "./get-progress"
import type { PurchaseProgress } from "./schema"
import { settlePurchase } from "./settle-purchase"

/**
 * Ends the checkout that a person left, so that it can't be paid later by mistake. Returns what became of the purchase, which
 * may have been paid at the last moment and is then credited. If Stripe can't be asked, the checkout ends by itself within
 * the hour.
 */
export async function cancelPurchase(
  ctx: { db: Db; now: Date },
  ref: PurchaseRef,
): Promise<PurchaseProgress> {
  const purchase = await requirePurchase(ctx.db, ref)
  const { status, checkoutSessionId } = purchase
  if (status === "open" && checkoutSessionId) {
    const outcome = await expireCheckout(checkoutSessionId)
    if (outcome.kind === "not_open") await settlePurchase(ctx, ref)
    if (outcome.kind === "expired") await moveForward(ctx, ref, { status: "cancelled" })
  }
  return getProgress(ctx.db, (await getPurchase(ctx.db, ref)) ?? purchase)
}
