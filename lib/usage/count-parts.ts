import type { Db } from "@/lib/db/client"
import { keepsOthers } from "@/lib/db/keeps-others"

/** As many entries as one transaction counts in a fraction of a second, for which a reversal in the pool waits. */
const AT_ONCE = 20_000
/** The pools of one run. The next run, a minute later, goes on. */
const MAX_POOLS = 1_000

/**
 * Counts new usage by the runs and models that its metadata names. Every run and model is told apart once its usage is
 * counted here; until then a reader counts the newest entries itself.
 */
export async function countUsageParts({ db, atOnce = AT_ONCE }: { db: Db; atOnce?: number }): Promise<void> {
  const waiting = await db.$queryRaw<{ teamId: string; poolId: string }[]>`
    SELECT p.team_id AS "teamId", p.id AS "poolId"
    FROM pools p LEFT JOIN usage_parts_counted c ON c.team_id = p.team_id AND c.pool_id = p.id
    WHERE p.last_seq > coalesce(c.seq, 0)
    ORDER BY p.last_seq - coalesce(c.seq, 0) DESC LIMIT ${MAX_POOLS}`
  for (const pool of waiting) await keepsOthers("usage_parts_failed", pool, () => countPool(db, pool, atOnce))
}

async function countPool(
  db: Db,
  { teamId, poolId }: { teamId: string; poolId: string },
  atOnce: number,
): Promise<void> {
  for (let hasMore = true; hasMore; ) {
    const [row] = await db.$queryRaw<{ hasMore: boolean }[]>`
      SELECT usage_count_parts(${teamId}::uuid, ${poolId}::uuid, ${atOnce}::bigint) AS "hasMore"`
    hasMore = row?.hasMore ?? false
  }
}
