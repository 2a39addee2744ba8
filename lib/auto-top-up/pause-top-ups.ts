import type { Tx } from "@/lib/db/client"
import { queryIn } from "@/lib/db/query"
import { enqueueTopUp } from "@/lib/queue/enqueue-top-up"
import { lockPool, type PoolRef } from "./store"

/**
 * Pauses a pool's auto top-up after a payment was disputed, until an Owner or Admin resumes it: the card that was disputed
 * is charged no more. Paused already, it stays as it is; off, there is nothing to pause.
 */
export async function pauseTopUps(
  tx: Tx,
  ref: PoolRef,
  { disputeId }: { disputeId: string },
  now: Date,
): Promise<void> {
  await lockPool(tx, ref)
  const { count } = await tx.autoTopUpSettings.updateMany({
    where: { ...ref, enabled: true, pausedAt: null },
    data: { pausedAt: now, pausedReason: "dispute", pausedBy: disputeId },
  })
  // One look writes down why nothing happens any more.
  if (count > 0) await enqueueTopUp(queryIn(tx), ref)
}
