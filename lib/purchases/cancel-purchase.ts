import type { Db } from "@/lib/db/client"
import { NotFoundError } from "@/lib/errors"
import { expireCheckout } from "@/lib/stripe/gateway"
import { settlePurchase } from "./settle-purchase"
import { advancePurchase, lockPurchase, type PurchaseRef } from "./store"

/**
 * Ends the checkout that a person left, so that it can't be paid later by mistake. If it was paid in the meantime, the
 * payment is credited instead. If Stripe can't be asked, the checkout ends by itself within the hour.
 */
export async function cancelPurchase(ctx: { db: Db; now: Date }, ref: PurchaseRef): Promise<void> {
  const purchase = await ctx.db.purchase.findUnique({
    where: { teamId_id: { teamId: ref.teamId, id: ref.purchaseId } },
    select: { status: true, checkoutSessionId: true },
  })
  if (!purchase) throw new NotFoundError()
  if (purchase.status !== "open" || !purchase.checkoutSessionId) return
  const outcome = await expireCheckout(purchase.checkoutSessionId)
  if (outcome.kind === "not_open") await settlePurchase(ctx, ref)
  if (outcome.kind !== "expired") return
  await ctx.db.$transaction(async (tx) => {
    const locked = await lockPurchase(tx, ref)
    if (locked) await advancePurchase(tx, locked, { status: "cancelled" }, ctx.now)
  })
}
