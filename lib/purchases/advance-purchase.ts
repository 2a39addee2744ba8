import type { Db, Tx } from "@/lib/db/client"
import type { PurchaseStatus } from "@/lib/db/generated/enums"
import { queryIn } from "@/lib/db/query"
import { announce } from "@/lib/live/announce"
import { lockPurchase, type PurchaseRef, type StoredPurchase } from "./find-purchase"
import { tellFailed } from "./tell-outcome"

// The order of a purchase's states. A late or repeated event never takes it back.
const RANK: Record<PurchaseStatus, number> = {
  created: 0,
  open: 1,
  processing: 2,
  expired: 3,
  cancelled: 3,
  failed: 3,
  succeeded: 4,
}

export type StatusChange = {
  status: Exclude<PurchaseStatus, "succeeded" | "created">
  checkoutSessionId?: string
  paymentIntentId?: string
  failureReason?: string
  /** Stripe's own code. */
  failureCode?: string
}

/** Moves a locked purchase forward and drops a change that would take it back. Returns whether it moved. */
export async function advancePurchase(
  tx: Tx,
  purchase: StoredPurchase,
  change: StatusChange,
  now: Date,
): Promise<boolean> {
  // Stripe may report that we ended the checkout before we have recorded it.
  const isOurEnding = purchase.status === "expired" && change.status === "cancelled"
  if (RANK[change.status] <= RANK[purchase.status] && !isOurEnding) return false
  const hasEnded = RANK[change.status] === 3
  await tx.purchase.update({
    where: { teamId_id: { teamId: purchase.teamId, id: purchase.id } },
    data: { ...change, ...(hasEnded ? { settledAt: now } : {}) },
  })
  // The code that knows whether an auto top-up is tried again tells of its failure.
  if (change.status === "failed" && purchase.kind === "one_time")
    await tellFailed(tx, purchase, { reason: change.failureReason ?? null, retryAt: null }, now)
  else await announce(queryIn(tx), purchase.teamId)
  return true
}

/** Moves a purchase to a later status and drops a change that would take it back. */
export async function moveForward(
  ctx: { db: Db; now: Date },
  ref: PurchaseRef,
  change: StatusChange,
): Promise<void> {
  await ctx.db.$transaction(async (tx) => {
    const purchase = await lockPurchase(tx, ref)
    if (purchase) await advancePurchase(tx, purchase, change, ctx.now)
  })
}
