import type { Db } from "@/lib/db/client"
import { queryIn } from "@/lib/db/query"
import { enqueueJobBy } from "@/lib/queue/enqueue"
import { lastMonth } from "./make-statements"
import { beginOf, endOf } from "./month"

const AT_ONCE = 1_000

/**
 * Adds a job for each team that lacks the statement of the last month. It runs all month, so a month that was missed,
 * for whatever reason, is made up for. It waits while a transaction that began before the month's end is still writing:
 * its entry would otherwise appear in the next month.
 */
export async function sweepStatements({ db, now }: { db: Db; now: Date }): Promise<void> {
  const month = lastMonth(now)
  if (await isStillWritten(db, endOf(month))) return
  for (let after: string | null = ""; after !== null; ) after = await addJobs(db, month, after)
}

async function isStillWritten(db: Db, end: Date): Promise<boolean> {
  const rows = await db.$queryRaw<unknown[]>`
    SELECT FROM pg_stat_activity WHERE datname = current_database() AND backend_xid IS NOT NULL AND xact_start < ${end} LIMIT 1`
  return rows.length > 0
}

async function addJobs(db: Db, month: string, after: string): Promise<string | null> {
  const teams = await db.$queryRaw<{ id: string }[]>`
    SELECT t.id FROM teams t
    WHERE t.deleted_at IS NULL AND (${after} = '' OR t.id > nullif(${after}, '')::uuid)
      AND NOT EXISTS (SELECT FROM statements s WHERE s.team_id = t.id AND s.month = ${beginOf(month)}::date)
      AND EXISTS (
        SELECT FROM pools p JOIN entries e ON e.team_id = p.team_id AND e.pool_no = p.no
          AND e.bucket IN ('included', 'credits') AND e.seq = 1 AND e.created_at < ${endOf(month)}
        WHERE p.team_id = t.id AND p.last_seq > 0)
    ORDER BY t.id LIMIT ${AT_ONCE}`
  await db.$transaction(async (tx) => {
    const query = queryIn(tx)
    for (const { id } of teams)
      await enqueueJobBy(query, "make-statements", { teamId: id }, { key: `make-statements:${id}` })
  })
  return teams.length < AT_ONCE ? null : (teams.at(-1)?.id ?? null)
}
