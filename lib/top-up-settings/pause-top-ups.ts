import type { Tx } from "@/lib/db/client"
import { queryIn } from "@/lib/db/query"
import { enqueueTopUp } from "@/lib/queue/enqueue-top-up"
import { lockPool, type PoolRef } from "./settings"

/**
 * Pauses a pool's auto top-up after a dispute, until an Owner or Admin resumes it: the disputed card is charged no more.
 * Changes nothing if it is paused already or off.
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
  // One look records why nothing happens any more.
  if (count > 0) await enqueueTopUp(queryIn(tx), ref)
}
