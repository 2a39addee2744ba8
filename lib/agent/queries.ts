import type { Db } from "@/lib/db/client"
import { captureKey } from "@/lib/metering/usage-key"

export type RunRef = { id: string; title: string }

/**
 * Finds the runs whose captures made these usage records, by the records' keys. Usage that was reported directly
 * belongs to none.
 */
export async function findRunsOf(
  db: Db,
  teamId: string,
  records: { usageKey: bigint; createdAt: Date }[],
): Promise<Map<bigint, RunRef>> {
  if (records.length === 0) return new Map()
  const rows = await db.$queryRaw<(RunRef & { holdId: string })[]>`
    SELECT h.id AS "holdId", t.id, t.title FROM holds h JOIN agent_tasks t ON t.team_id = h.team_id AND t.hold_id = h.id
    WHERE h.team_id = ${teamId}::uuid AND h.status = 'captured' AND t.pool_id = h.pool_id
      AND h.settled_at = ANY (${records.map(({ createdAt }) => createdAt)}::timestamptz[])`
  const keys = new Set(records.map(({ usageKey }) => usageKey))
  // Others may have been settled in the same millisecond. The key decides.
  return new Map(
    rows
      .map(({ holdId, ...run }): [bigint, RunRef] => [captureKey(holdId).key, run])
      .filter(([key]) => keys.has(key)),
  )
}
