import type { Tx } from "@/lib/db/client"
import { queryIn } from "@/lib/db/query"
import { raise } from "@/lib/notifications/raise"
import type { StoredPurchase } from "@/lib/purchases/store"
import { tellFailed } from "@/lib/purchases/tell-outcome"
import { MAX_FAILURES, RETRY_AFTER_MS } from "./decide"
import { enqueueTopUp } from "./enqueue-top-up"
import { lockSettings, NO_FAILURES, type PoolRef } from "./store"
import { tellOfCap } from "./tell-of-cap"

/** After a top-up was credited, in the same transaction: its card works, and the pool may still be low. */
export async function noteTopUpSucceeded(tx: Tx, ref: PoolRef, now: Date): Promise<void> {
  const { teamId, poolId } = ref
  await tx.autoTopUpSettings.updateMany({
    where: { teamId, poolId },
    data: NO_FAILURES,
  })
  await enqueueTopUp(queryIn(tx), ref)
  await tellOfCap(tx, teamId, now)
}

/**
 * After a top-up failed, in the same transaction: tries again in an hour, and no more after the third in a row with the
 * same card.
 */
export async function noteTopUpFailed(
  tx: Tx,
  purchase: StoredPurchase,
  reason: string,
  now: Date,
): Promise<void> {
  const { teamId, poolId, id, cardFingerprint } = purchase
  const ref = { teamId, poolId }
  const settings = await lockSettings(tx, ref)
  if (!settings || !cardFingerprint) throw new Error("A top-up has settings and names its card")
  const failures = settings.failedFingerprint === cardFingerprint ? settings.failures + 1 : 1
  const isSuspended = failures >= MAX_FAILURES
  await tx.autoTopUpSettings.update({
    where: { teamId_poolId: ref },
    data: {
      failures,
      failedFingerprint: cardFingerprint,
      failedAt: now,
      suspendedAt: isSuspended ? now : null,
    },
  })
  const retryAt = isSuspended ? null : new Date(now.getTime() + RETRY_AFTER_MS)
  // Suspended, one more look writes down why nothing happens any more.
  await enqueueTopUp(queryIn(tx), ref, retryAt ?? undefined)
  await tellFailed(tx, purchase, { reason, retryAt }, now)
  if (!isSuspended) return
  const data = { failures, reason }
  await raise(queryIn(tx), { ...ref, type: "credit_auto_recharge_suspended", cause: id, data }, now)
}
