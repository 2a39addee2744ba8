import type { Tx } from "@/lib/db/client"

/**
 * Whether each transfer out of or into a pool is one entry here and one in the other pool, of the one amount, and
 * every entry of a transfer has its transfer.
 */
export async function checkTransfers(tx: Tx, pool: { teamId: string; id: string }): Promise<boolean> {
  const [{ wrong } = { wrong: 0n }] = await tx.$queryRaw<{ wrong: bigint }[]>`
    WITH own AS (SELECT p.no FROM pools p WHERE p.team_id = ${pool.teamId}::uuid AND p.id = ${pool.id}::uuid),
    moved AS (
      SELECT t.id, f.no AS from_no, o.no AS to_no, t.amount_nanos FROM transfers t
      JOIN pools f ON f.team_id = ${pool.teamId}::uuid AND f.id = t.from_pool_id
      JOIN pools o ON o.team_id = ${pool.teamId}::uuid AND o.id = t.to_pool_id
      WHERE t.team_id = ${pool.teamId}::uuid AND ${pool.id}::uuid IN (t.from_pool_id, t.to_pool_id)
    ),
    posted AS (
      SELECT e.cause_id AS id, e.pool_no, e.amount_nanos FROM entries e
      WHERE e.team_id = ${pool.teamId}::uuid AND e.kind = 'transfer' AND e.cause_id IN (
        SELECT id FROM moved UNION SELECT x.cause_id FROM entries x
        WHERE x.team_id = ${pool.teamId}::uuid AND x.pool_no = (SELECT no FROM own) AND x.bucket = 'credits'
          AND x.kind = 'transfer' AND x.cause_id IS NOT NULL)
    ),
    expected AS (
      SELECT id, from_no AS pool_no, -amount_nanos AS amount_nanos FROM moved
      UNION ALL SELECT id, to_no, amount_nanos FROM moved
    )
    SELECT count(*) AS wrong FROM (
      (TABLE expected EXCEPT ALL TABLE posted) UNION ALL (TABLE posted EXCEPT ALL TABLE expected)
    ) differing`
  return wrong === 0n
}
