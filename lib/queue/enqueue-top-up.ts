import type { Tx } from "@/lib/db/client"
import { type Query, queryIn } from "@/lib/db/query"
import { enqueueJobBy } from "./enqueue"

type PoolRef = { teamId: string; poolId: string }

/** All looks at one pool are one job. */
export const topUpKey = (poolId: string) => `top-up-pool:${poolId}`

/** Schedules a look at a pool, now or at `runAt`, in the transaction of whatever may have changed the answer. */
export async function enqueueTopUp(query: Query, { teamId, poolId }: PoolRef, runAt?: Date): Promise<void> {
  // A later look must not replace one that is due now.
  const key = runAt ? `${topUpKey(poolId)}:later` : topUpKey(poolId)
  await enqueueJobBy(query, "top-up-pool", { teamId, poolId }, { key, ...(runAt ? { runAt } : {}) })
}

/**
 * Schedules a look at every pool of the team whose auto top-up is on, after a change to something that all of them
 * share.
 */
export async function enqueueTopUpsOf(tx: Tx, teamId: string): Promise<void> {
  const enabled = await tx.autoTopUpSettings.findMany({
    where: { teamId, enabled: true },
    select: { poolId: true },
  })
  for (const { poolId } of enabled) await enqueueTopUp(queryIn(tx), { teamId, poolId })
}
