import type { Tx } from "@/lib/db/client"

/**
 * Returns whether a pool's usage by run and by model is what its records name, as far as they are counted, less what was
 * reversed. On a day that has more names than are told apart, only their sum is known.
 */
export async function checkParts(tx: Tx, { teamId, id }: { teamId: string; id: string }): Promise<boolean> {
  const [{ wrong } = { wrong: 0n }] = await tx.$queryRaw<{ wrong: bigint }[]>`
    WITH own AS (SELECT no FROM pools WHERE team_id = ${teamId}::uuid AND id = ${id}::uuid),
    paid AS (
      SELECT e.*, max(e.seq) FILTER (WHERE e.quantity IS NOT NULL) OVER (ORDER BY e.seq) AS record
      FROM entries e WHERE e.team_id = ${teamId}::uuid AND e.pool_no = (SELECT no FROM own) AND e.meter_no IS NOT NULL
    ),
    used AS (
      SELECT min(p.occurred_at) AS occurred_at, min(p.meter_no) AS meter_no, jsonb_agg(p.metadata) -> 0 AS metadata,
        1 AS records, sum(p.quantity) AS quantity, sum(coalesce(p.allowance_quantity, 0)) AS allowance_quantity,
        coalesce(-sum(p.amount_nanos) FILTER (WHERE p.bucket = 'included'), 0) AS included_nanos,
        coalesce(-sum(p.amount_nanos) FILTER (WHERE p.bucket = 'credits'), 0) AS credits_nanos
      FROM paid p GROUP BY p.record
      HAVING bool_or(p.usage_key IS NOT NULL) AND p.record <= coalesce((
        SELECT seq FROM usage_parts_counted WHERE team_id = ${teamId}::uuid AND pool_id = ${id}::uuid), 0)
      UNION ALL
      SELECT e.occurred_at, r.meter_no, e.metadata, 0, -r.quantity, -r.allowance_quantity, -r.included_nanos, -r.credits_nanos
      FROM usage_reversals r JOIN entries e ON e.team_id = r.team_id AND e.usage_key = r.usage_key
      WHERE r.team_id = ${teamId}::uuid AND r.pool_id = ${id}::uuid
    ),
    compared AS (
      SELECT name, (occurred_at AT TIME ZONE 'UTC')::date AS day, meter_no, left(metadata ->> name, 100) AS value,
        records, quantity, allowance_quantity, included_nanos, credits_nanos
      FROM used CROSS JOIN (VALUES ('run'), ('model')) n (name) WHERE metadata ->> name <> ''
      UNION ALL
      SELECT name, day, meter_no, value, -records, -quantity, -allowance_quantity, -included_nanos, -credits_nanos
      FROM usage_parts WHERE team_id = ${teamId}::uuid AND pool_id = ${id}::uuid
    ),
    crowded AS (SELECT DISTINCT name, day FROM compared WHERE value = '')
    SELECT count(*) AS wrong FROM (
      SELECT 1 FROM compared c LEFT JOIN crowded USING (name, day)
      GROUP BY name, day, meter_no, CASE WHEN crowded.name IS NULL THEN value END
      HAVING sum(records) <> 0 OR sum(quantity) <> 0 OR sum(allowance_quantity) <> 0 OR sum(included_nanos) <> 0
        OR sum(credits_nanos) <> 0
    ) differing`
  return wrong === 0n
}
