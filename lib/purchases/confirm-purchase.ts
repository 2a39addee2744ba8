import type { Db } from "@/lib/db/client"
import { NotFoundError } from "@/lib/errors"
import { settlePurchase } from "./settle-purchase"
import type { PurchaseRef } from "./store"

export type PurchaseProgress =
  | { status: "succeeded"; amountNanos: bigint; balanceNanos: bigint; receiptUrl: string | null }
  | { status: "processing" }
  | { status: "open" }

/** What became of a purchase whose checkout a person has just completed. It is credited by the time this answers. */
export async function confirmPurchase(
  ctx: { db: Db; now: Date },
  ref: PurchaseRef,
): Promise<PurchaseProgress> {
  const purchase = await settlePurchase(ctx, ref)
  if (!purchase) throw new NotFoundError()
  if (purchase.status === "processing") return { status: "processing" }
  if (purchase.status !== "succeeded" || purchase.capturedNanos === null) return { status: "open" }
  const pool = await ctx.db.pool.findUniqueOrThrow({
    where: { teamId_id: { teamId: purchase.teamId, id: purchase.poolId } },
    select: { creditsNanos: true },
  })
  return {
    status: "succeeded",
    amountNanos: purchase.capturedNanos,
    balanceNanos: pool.creditsNanos,
    receiptUrl: purchase.receiptUrl,
  }
}
