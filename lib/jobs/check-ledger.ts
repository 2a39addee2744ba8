import type { Db } from "@/lib/db/client"
import { findLedgerFaults } from "@/lib/ledger/find-faults"
import { alarm, log } from "@/lib/log"

const POOLS_AT_ONCE = 500

/**
 * Computes every pool's invariants anew. Raises an alarm for each that is broken, and for each pool that couldn't be read. It
 * repairs nothing: a person must look.
 */
export async function checkLedger({
  db,
}: {
  db: Db
}): Promise<{ pools: number; faults: number; unchecked: number }> {
  let [pools, faults, unchecked] = [0, 0, 0]
  let last: { teamId: string; id: string } | null = null
  for (;;) {
    const batch: { teamId: string; id: string }[] = await db.pool.findMany({
      select: { teamId: true, id: true },
      orderBy: [{ teamId: "asc" }, { id: "asc" }],
      take: POOLS_AT_ONCE,
      ...(last && { cursor: { teamId_id: last }, skip: 1 }),
    })
    for (const { teamId, id } of batch) {
      pools += 1
      try {
        for (const fault of await findLedgerFaults(db, teamId, id)) {
          faults += 1
          alarm("ledger_fault", { teamId, poolId: id, fault })
        }
      } catch (error) {
        // A pool that can't be read must not hide what is wrong with the others.
        unchecked += 1
        alarm("ledger_unchecked", {
          teamId,
          poolId: id,
          error: error instanceof Error ? error.name : typeof error,
        })
      }
    }
    last = batch.at(-1) ?? null
    if (batch.length < POOLS_AT_ONCE) break
  }
  log().info({ pools, faults, unchecked }, "Checked the ledger")
  return { pools, faults, unchecked }
}
