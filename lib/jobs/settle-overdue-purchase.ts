import { HOUR_MS } from "@/lib/clock"
import type { Db } from "@/lib/db/client"
import { settlePurchase } from "@/lib/purchases/settle-purchase"
import type { PurchaseRef } from "@/lib/purchases/store"
import { enqueueJob } from "./enqueue"

/**
 * Runs after a checkout's time is up and asks Stripe what became of it, so that a purchase is settled even if every
 * webhook was lost. A payment that is still processing is looked at again each hour.
 */
export async function settleOverduePurchase(ctx: { db: Db; now: Date }, ref: PurchaseRef): Promise<void> {
  const purchase = await settlePurchase(ctx, ref)
  if (purchase?.status !== "processing" && purchase?.status !== "open") return
  await ctx.db.$transaction((tx) =>
    enqueueJob(tx, "settle-purchase", ref, {
      key: `settle-purchase:${ref.purchaseId}`,
      runAt: new Date(ctx.now.getTime() + HOUR_MS),
    }),
  )
}
