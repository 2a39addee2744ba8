import type { Tx } from "@/lib/db/client"
import { queryIn } from "@/lib/db/query"
import { MAX_FAILURES, RETRY_AFTER_MS } from "./decide"
import { enqueueTopUp } from "./enqueue-top-up"
import { lockSettings, NO_FAILURES, type PoolRef } from "./store"

/** After a top-up was credited, in the same transaction: its card works, and the pool may still be low. */
export async function noteTopUpSucceeded(tx: Tx, ref: PoolRef): Promise<void> {
  const { teamId, poolId } = ref
  await tx.autoTopUpSettings.updateMany({
    where: { teamId, poolId },
    data: NO_FAILURES,
  })
  await enqueueTopUp(queryIn(tx), ref)
}

/**
 * After a top-up failed, in the same transaction: tries again in an hour, and no more after the third in a row with the
 * same card.
 */
export async function noteTopUpFailed(tx: Tx, ref: PoolRef, fingerprint: string, now: Date): Promise<void> {
  const { teamId, poolId } = ref
  const settings = await lockSettings(tx, ref)
  if (!settings) throw new Error("A top-up has settings")
  const failures = settings.failedFingerprint === fingerprint ? settings.failures + 1 : 1
  const isSuspended = failures >= MAX_FAILURES
  await tx.autoTopUpSettings.update({
    where: { teamId_poolId: { teamId, poolId } },
    data: { failures, failedFingerprint: fingerprint, failedAt: now, suspendedAt: isSuspended ? now : null },
  })
  // Suspended, one more look writes down why nothing happens any more.
  const lookAt = isSuspended ? undefined : new Date(now.getTime() + RETRY_AFTER_MS)
  await enqueueTopUp(queryIn(tx), ref, lookAt)
}
