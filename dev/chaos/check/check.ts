import type { Client } from "pg"
import { findUncaused } from "./causes"
import type { Evidence, Finding } from "./evidence"
import { findUnpaidGiven } from "./unpaid"

const PUT_DOWN = [
  "DROP TABLE IF EXISTS chaos_books, chaos_usage",
  `CREATE TEMP TABLE chaos_books AS SELECT * FROM json_to_recordset($1::json)
    AS b (payment text, cents bigint, back_cents bigint, team_id uuid, pool_id uuid, is_top_up boolean)`,
  `CREATE TEMP TABLE chaos_usage AS SELECT * FROM json_to_recordset($1::json) AS u (team_id uuid, nanos bigint)`,
  "ANALYZE chaos_books",
]

/* Every amount occurs once in a run, and that of an auto top-up in one pool only. So the amount alone matches
   payments and entries, and nothing that the product noted about them is believed. */
const COMPARE = `
  WITH credited AS (
    SELECT e.team_id, p.id AS pool_id, e.amount_nanos FROM entries e
    JOIN pools p ON p.team_id = e.team_id AND p.no = e.pool_no WHERE e.kind IN ('purchase', 'auto_top_up')
  ), found AS (
    SELECT b.*, c.times, c.is_theirs FROM (
      SELECT min(payment) AS payment, cents, team_id, pool_id, count(*) AS captured FROM chaos_books
      GROUP BY cents, team_id, pool_id
    ) b CROSS JOIN LATERAL (
      SELECT count(*) AS times, coalesce(bool_and(c.team_id = b.team_id AND c.pool_id = b.pool_id), true) AS is_theirs
      FROM credited c WHERE c.amount_nanos = b.cents * 10000000
    ) c
  ), moved AS (
    SELECT team_id, sum(amount_nanos) FILTER (WHERE kind IN ('purchase', 'auto_top_up', 'refund', 'dispute', 'dispute_reversal')) AS paid,
      -sum(amount_nanos) FILTER (WHERE kind = 'consumption') AS drawn
    FROM entries WHERE bucket = 'credits' GROUP BY team_id
  ), booked AS (
    SELECT team_id, sum(cents - back_cents) * 10000000 AS kept FROM chaos_books GROUP BY team_id
  )
  SELECT 'missing' AS kind, payment || ' of ' || cents || ' cents was captured ' || captured || ' times for team ' || team_id || ' and credited ' || times || ' times' AS finding
    FROM found WHERE times < captured
  UNION ALL SELECT 'duplicate', payment || ' of ' || cents || ' cents was captured ' || captured || ' times and credited ' || times || ' times' FROM found WHERE times > captured
  UNION ALL SELECT 'elsewhere', payment || ' of ' || cents || ' cents was credited to a pool that it isn’t for' FROM found WHERE NOT is_theirs
  UNION ALL SELECT 'never paid', amount_nanos || ' nanos were credited to pool ' || pool_id || ' and never captured' FROM credited c
    WHERE NOT EXISTS (SELECT 1 FROM chaos_books b WHERE b.cents * 10000000 = c.amount_nanos)
  UNION ALL SELECT 'sum', 'team ' || t.id || ' paid ' || coalesce(b.kept, 0) || ' nanos less what it got back, and its entries say ' || coalesce(m.paid, 0)
    FROM teams t LEFT JOIN booked b ON b.team_id = t.id LEFT JOIN moved m ON m.team_id = t.id
    WHERE coalesce(b.kept, 0) <> coalesce(m.paid, 0)
  UNION ALL SELECT 'usage', 'team ' || t.id || ' was told that usage drew ' || coalesce(u.nanos, 0) || ' nanos, and its entries say ' || coalesce(m.drawn, 0)
    FROM teams t LEFT JOIN chaos_usage u ON u.team_id = t.id LEFT JOIN moved m ON m.team_id = t.id
    WHERE coalesce(u.nanos, 0) <> coalesce(m.drawn, 0)
  UNION ALL SELECT 'parked', payment_intent_id || ' is parked as ' || reason FROM parked_payments
  UNION ALL SELECT 'inbox', id || ' (' || type || ') was left ' || status || ': ' || coalesce(last_error, '') FROM stripe_events
    WHERE status IN ('received', 'failed')`

/**
 * Compares the ledger with Stripe's own books, in SQL and from the tables alone: every captured payment has exactly
 * one entry with its amount in the right pool, nothing else was credited, and each team's entries add up to what it
 * paid less what it got back, to the cent. No card was charged without a cause, and no unpaid period left anything.
 * An empty result means that all of it holds.
 */
export async function compareWithBooks(
  sql: Client,
  { books, drawnNanos, acts, invoices }: Evidence,
): Promise<Finding[]> {
  const [drop, putBooks, putUsage, analyze] = PUT_DOWN as [string, string, string, string]
  await sql.query(drop)
  const rows = books.map(({ payment, cents, backCents, teamId, poolId, isTopUp }) => ({
    payment,
    cents,
    back_cents: backCents,
    team_id: teamId,
    pool_id: poolId,
    is_top_up: isTopUp,
  }))
  await sql.query(putBooks, [JSON.stringify(rows)])
  const usage = [...drawnNanos].map(([team_id, nanos]) => ({ team_id, nanos: String(nanos) }))
  await sql.query(putUsage, [JSON.stringify(usage)])
  await sql.query(analyze)
  const { rows: findings } = await sql.query<Finding>(COMPARE)
  return [...findings, ...(await findUncaused(sql, acts)), ...(await findUnpaidGiven(sql, invoices))]
}
