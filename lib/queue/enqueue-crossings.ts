import type { Query } from "@/lib/db/query"
import type { Crossing } from "@/lib/ledger/crossing"
import { enqueueJobBy } from "./enqueue"

/** Adds the jobs that follow from each crossing, in the transaction that found it at this revision of the pool. */
export async function enqueueCrossings(
  query: Query,
  { teamId, poolId, revision }: { teamId: string; poolId: string; revision: bigint | string },
  crossings: Crossing[],
): Promise<void> {
  for (const crossing of crossings) {
    const key = `tell-balance:${poolId}:${crossing}:${revision}`
    const payload = { teamId, poolId, crossing, revision: String(revision) }
    await enqueueJobBy(query, "tell-balance", payload, { key })
  }
}
