import type { Client } from "pg"
import type { Act } from "../tally"
import type { Finding } from "./evidence"

/** Valid causes of a charge, and the acts that count as each. Money taken back is none of them. */
const CAUSES =
  "('usage', 'usage'), ('usage', 'hold'), ('refusal', 'refusal'), ('save', 'save'), ('save', 'resume'), ('new_card', 'card')"

/* A top-up's start is read from its id, because a run moves `created_at` to let days pass. Each captured top-up looks
   for its cause between the previous one in its pool and itself, in what the run's own people and programs did. Usage
   must have left the pool with no more than its threshold. Otherwise a refund did, and usage was no cause. */
const FIND_UNCAUSED = `
  WITH charged AS (
    SELECT b.payment, b.team_id, b.pool_id, b.cents, p.id, p.due_cause, uuid_extract_timestamp(p.id) AS begun_at,
      count(*) OVER (PARTITION BY b.payment) AS rows
    FROM chaos_books b LEFT JOIN purchases p ON p.kind = 'auto_top_up' AND p.status = 'succeeded'
      AND p.payment_intent_id = b.payment AND p.team_id = b.team_id AND p.pool_id = b.pool_id
    WHERE b.is_top_up
  ), spans AS (
    SELECT c.*, coalesce(lag(begun_at) OVER (PARTITION BY pool_id ORDER BY begun_at, payment), '-infinity') AS after_at FROM charged c
  ), acts AS (
    SELECT team_id, pool_id, kind, from_at, to_at FROM chaos_acts
    -- The first save is made before the run has begun.
    UNION ALL SELECT team_id, pool_id, 'save', changed_at - interval '1 second', changed_at + interval '1 second'
      FROM auto_top_up_changes WHERE pool_id IS NOT NULL
    -- A card that paid for a purchase or a plan is kept for top-ups too.
    UNION ALL SELECT m.team_id, s.pool_id, 'card', m.created_at, m.created_at + interval '1 minute'
      FROM payment_methods m JOIN auto_top_up_settings s ON s.team_id = m.team_id
  ), low AS (
    SELECT e.team_id, p.id AS pool_id, e.created_at, s.threshold_nanos >= (
        SELECT c.balance_after_nanos FROM entries c WHERE c.team_id = e.team_id AND c.pool_no = e.pool_no AND c.bucket = 'credits'
          AND c.seq <= e.seq ORDER BY c.seq DESC LIMIT 1) AS is_low
    FROM entries e JOIN pools p ON p.team_id = e.team_id AND p.no = e.pool_no
    JOIN auto_top_up_settings s ON s.team_id = p.team_id AND s.pool_id = p.id WHERE e.kind = 'consumption'
  ), paused AS (
    -- From the moment when a dispute first took credits until somebody asked to go on. For a top-up begun at the same
    -- moment, the last look before the charge decides.
    SELECT d.team_id, d.pool_id, d.dispute_id, d.from_at + interval '2 seconds' AS from_at, coalesce(
        (SELECT min(a.from_at) FROM chaos_acts a WHERE a.kind = 'resume' AND a.pool_id = d.pool_id AND a.to_at > d.from_at),
        'infinity') AS to_at
    FROM (
      SELECT DISTINCT ON (b.dispute_id) b.team_id, p.pool_id, b.dispute_id, uuid_extract_timestamp(b.id) AS from_at
      FROM clawbacks b JOIN purchases p ON p.team_id = b.team_id AND p.id = b.purchase_id
      WHERE b.dispute_id IS NOT NULL AND b.amount_nanos > 0 ORDER BY b.dispute_id, b.id
    ) d
  )
  SELECT 'unknown top-up' AS kind, payment || ' topped up pool ' || pool_id || ' and is no purchase of ours' AS finding
    FROM charged WHERE id IS NULL
  UNION ALL SELECT 'unknown top-up', payment || ' is ' || rows || ' purchases' FROM charged WHERE rows > 1
  UNION ALL SELECT 'no cause', payment || ' of ' || begun_at || ' topped up pool ' || pool_id || ' because of ' || coalesce(due_cause, 'nothing') || ', and there was none since ' || after_at
    FROM spans s WHERE id IS NOT NULL AND NOT EXISTS (
      SELECT 1 FROM acts a JOIN (VALUES ${CAUSES}) AS c (cause, act) ON c.act = a.kind
      WHERE a.team_id = s.team_id AND a.pool_id = s.pool_id AND c.cause = s.due_cause AND a.from_at < s.begun_at AND a.to_at > s.after_at
        AND (a.kind <> 'usage' OR EXISTS (
          SELECT 1 FROM low l WHERE l.team_id = s.team_id AND l.pool_id = s.pool_id AND l.is_low
            AND l.created_at BETWEEN a.from_at - interval '1 second' AND least(a.to_at, s.begun_at))
          OR EXISTS (SELECT 1 FROM acts h WHERE h.team_id = s.team_id AND h.pool_id = s.pool_id AND h.kind = 'hold'
            AND h.from_at < a.to_at AND h.to_at > a.from_at)))
  UNION ALL SELECT 'paused', s.payment || ' topped up pool ' || s.pool_id || ' at ' || s.begun_at || ' though dispute ' || d.dispute_id || ' paused it at ' || d.from_at
    FROM spans s JOIN paused d ON d.team_id = s.team_id AND d.pool_id = s.pool_id AND s.begun_at > d.from_at AND s.begun_at < d.to_at`

/**
 * Finds top-ups in Stripe's books that no usage, save or new card has caused, or that a dispute should have
 * prevented. The books have been recorded before.
 */
export async function findUncaused(sql: Client, acts: Act[]): Promise<Finding[]> {
  const rows = acts.map(({ teamId, poolId, kind, from, to }) => ({
    team_id: teamId,
    pool_id: poolId,
    kind,
    from_at: from,
    to_at: to,
  }))
  await sql.query("DROP TABLE IF EXISTS chaos_acts")
  await sql.query(
    `CREATE TEMP TABLE chaos_acts AS SELECT * FROM json_to_recordset($1::json)
      AS a (team_id uuid, pool_id uuid, kind text, from_at timestamptz, to_at timestamptz)`,
    [JSON.stringify(rows)],
  )
  return (await sql.query<Finding>(FIND_UNCAUSED)).rows
}
