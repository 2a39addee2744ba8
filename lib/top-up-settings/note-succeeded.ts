import type { Tx } from "@/lib/db/client"
import { NO_FAILURES, NOT_DUE, type PoolRef } from "./settings"
import { tellOfCap } from "./tell-of-cap"

/** Records that a top-up was credited, in the same transaction: its card works, and only a new cause makes the pool due again. */
export async function noteTopUpSucceeded(tx: Tx, ref: PoolRef, now: Date): Promise<void> {
  const { teamId, poolId } = ref
  await tx.autoTopUpSettings.updateMany({
    where: { teamId, poolId },
    data: { ...NO_FAILURES, ...NOT_DUE },
  })
  await tellOfCap(tx, teamId, now)
}
