import type { Actor } from "@/lib/audit/actor"
import { recordEvent } from "@/lib/audit/record-event"
import type { Db } from "@/lib/db/client"
import { expireCheckout } from "@/lib/stripe/gateway"
import { advancePurchase } from "./advance-purchase"
import { getPurchase, lockPurchase, type PurchaseRef, requirePurchase } from "./find-purchase"
import { getProgress } from "./get-progress"
import type { PurchaseProgress } from "./schema"
import { settlePurchase } from "./settle-purchase"
import { subjectOf } from "./subject-of"

/**
 * Ends the checkout that a person left, so that it can't be paid later by mistake. Returns what became of the purchase, which
 * may have been paid at the last moment and is then credited. If Stripe can't be asked, the checkout ends by itself within
 * the hour.
 */
export async function cancelPurchase(
  ctx: { db: Db; now: Date; actor: Actor },
  ref: PurchaseRef,
): Promise<PurchaseProgress> {
  const purchase = await requirePurchase(ctx.db, ref)
  const { status, checkoutSessionId } = purchase
  if (status === "open" && checkoutSessionId) {
    const outcome = await expireCheckout(checkoutSessionId)
    if (outcome.kind === "not_open") await settlePurchase(ctx, ref)
    if (outcome.kind === "expired") await recordCancelled(ctx, ref)
  }
  return getProgress(ctx.db, (await getPurchase(ctx.db, ref)) ?? purchase)
}

async function recordCancelled(
  { db, now, actor }: { db: Db; now: Date; actor: Actor },
  ref: PurchaseRef,
): Promise<void> {
  await db.$transaction(async (tx) => {
    const purchase = await lockPurchase(tx, ref)
    if (!purchase || !(await advancePurchase(tx, purchase, { status: "cancelled" }, now))) return
    const { teamId } = ref
    await recordEvent(tx, { teamId, actor, kind: "purchase.cancelled", subject: subjectOf(purchase) }, now)
  })
}
