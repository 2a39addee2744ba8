import { HOUR_MS } from "@/lib/clock"
import type { Db } from "@/lib/db/client"
import { alarm } from "@/lib/log"
import { moveForward } from "@/lib/purchases/advance-purchase"
import type { PurchaseRef } from "@/lib/purchases/find-purchase"
import { scheduleSettling } from "@/lib/purchases/schedule-settling"
import { settlePurchase } from "@/lib/purchases/settle-purchase"

/**
 * Asks Stripe what became of a checkout after its time, so that its purchase is settled even if every webhook was lost. Asks
 * again each hour while the payment is processing, and ends a purchase that nobody can pay any more.
 */
export async function settleOverduePurchase(ctx: { db: Db; now: Date }, ref: PurchaseRef): Promise<void> {
  const purchase = await settlePurchase(ctx, ref)
  if (purchase?.status === "created") await moveForward(ctx, ref, { status: "expired" })
  if (purchase?.status === "open") {
    // Stripe should have ended it by now. It may still be paid, so it stays open.
    alarm("checkout_open_after_its_time", { purchase: ref.purchaseId, team: ref.teamId })
  }
  if (purchase?.status !== "processing" && purchase?.status !== "open") return
  await ctx.db.$transaction((tx) => scheduleSettling(tx, ref, new Date(ctx.now.getTime() + HOUR_MS)))
}
