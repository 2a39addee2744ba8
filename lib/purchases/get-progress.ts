import type { Db } from "@/lib/db/client"
import type { StoredPurchase } from "./find-purchase"
import type { PurchaseProgress } from "./schema"

/** Returns how far a purchase is, as the page that waits for it shows it. */
export async function getProgress(db: Db, purchase: StoredPurchase): Promise<PurchaseProgress> {
  const { status, capturedNanos, receiptUrl, teamId, poolId } = purchase
  if (status === "processing") return { status: "processing" }
  if (status === "created" || status === "open") return { status: "open" }
  if (status !== "succeeded" || capturedNanos === null) return { status: "ended" }
  const pool = await db.pool.findUniqueOrThrow({
    where: { teamId_id: { teamId, id: poolId } },
    select: { creditsNanos: true },
  })
  return { status: "succeeded", amountNanos: capturedNanos, balanceNanos: pool.creditsNanos, receiptUrl }
}
