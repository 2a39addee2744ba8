import type { Tx } from "@/lib/db/client"

/**
 * Returns whether the pool's reversals fit their usage records: the pool kept what the rest of each record costs, the grants
 * drawn first paid for that, the allowance came back in the same way, and every entry that takes usage back has a
 * reversal.
 */
export async function checkReversals(
  tx: Tx,
  { teamId, id }: { teamId: string; id: string },
): Promise<boolean> {
  const [{ wrong } = { wrong: 0n }] = await tx.$queryRaw<{ wrong: bigint }[]>`
    WITH own AS (SELECT p.no FROM pools p WHERE p.team_id = ${teamId}::uuid AND p.id = ${id}::uuid),
    made AS (SELECT r.* FROM usage_reversals r WHERE r.team_id = ${teamId}::uuid AND r.pool_id = ${id}::uuid),
    reversed AS (
      SELECT usage_key, sum(quantity) AS quantity, sum(allowance_quantity) AS allowance,
        sum(included_nanos) AS included, sum(credits_nanos) AS credits
      FROM made GROUP BY usage_key
    ),
    paid AS (
      SELECT v.usage_key, e.bucket, e.grant_no, -e.amount_nanos AS nanos,
        sum(-e.amount_nanos) OVER (PARTITION BY v.usage_key ORDER BY e.seq) + e.amount_nanos AS before,
        least(sum(-e.amount_nanos) OVER (PARTITION BY v.usage_key), round(
          greatest(f.quantity - v.quantity - coalesce(f.allowance_quantity, 0), 0) * m.rate_nanos / 10::numeric ^ m.decimals)) AS kept
      FROM reversed v
      JOIN entries f ON f.team_id = ${teamId}::uuid AND f.usage_key = v.usage_key
      JOIN meters m ON m.team_id = f.team_id AND m.no = f.meter_no
      JOIN entries e ON e.team_id = f.team_id AND e.pool_no = f.pool_no AND e.bucket IN ('included', 'credits')
        AND e.seq BETWEEN f.seq AND f.seq + coalesce(f.pieces, 1) - 1
    ),
    expected AS (
      SELECT usage_key, grant_no, bucket, nanos - least(greatest(kept - before, 0), nanos) AS nanos
      FROM paid WHERE grant_no IS NOT NULL
    ),
    back AS (
      SELECT r.usage_key, b.grant_no, sum(b.amount_nanos) AS nanos
      FROM made r JOIN usage_reversal_parts b ON b.team_id = r.team_id AND b.reversal_id = r.id
      GROUP BY r.usage_key, b.grant_no
    ),
    posted AS (
      SELECT e.cause_id AS id, e.bucket, e.amount_nanos AS nanos FROM entries e
      WHERE e.team_id = ${teamId}::uuid AND e.pool_no = (SELECT no FROM own) AND e.bucket IN ('included', 'credits')
        AND e.kind = 'consumption_reversal'
    ),
    owed AS (
      SELECT id, 'included'::bucket AS bucket, included_nanos AS nanos FROM made WHERE included_nanos > 0
      UNION ALL SELECT id, 'credits', credits_nanos FROM made WHERE credits_nanos > 0
    )
    SELECT (SELECT count(*) FROM expected x FULL JOIN back b USING (usage_key, grant_no)
        WHERE coalesce(x.nanos, 0) <> coalesce(b.nanos, 0))
      + (SELECT count(*) FROM reversed v WHERE (v.included, v.credits) IS DISTINCT FROM (
        SELECT (coalesce(sum(x.nanos) FILTER (WHERE x.bucket = 'included'), 0),
          coalesce(sum(x.nanos) FILTER (WHERE x.bucket = 'credits'), 0)) FROM expected x WHERE x.usage_key = v.usage_key))
      + (SELECT count(*) FROM reversed v LEFT JOIN entries f ON f.team_id = ${teamId}::uuid AND f.usage_key = v.usage_key
          AND f.pool_no = (SELECT no FROM own)
        WHERE f.quantity IS NULL OR v.quantity > f.quantity OR v.allowance <> coalesce(f.allowance_quantity, 0)
          - least(f.quantity - v.quantity, coalesce(f.allowance_quantity, 0)))
      + (SELECT count(*) FROM (
        (TABLE owed EXCEPT ALL TABLE posted) UNION ALL (TABLE posted EXCEPT ALL TABLE owed)) differing) AS wrong`
  return wrong === 0n
}
