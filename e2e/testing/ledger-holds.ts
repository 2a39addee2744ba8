import type { Db } from "@/lib/db/client"

/**
 * Computes the ledger's invariants anew, by other means than the triggers that hold them, and gives a sentence for each
 * that is broken. Empty: all hold.
 */
export async function findLedgerFaults(db: Db): Promise<string[]> {
  const faults = await db.$queryRaw<{ fault: string }[]>`
    WITH sums AS (
      SELECT p.*,
        (SELECT count(*) FROM entries e WHERE e.team_id = p.team_id AND e.pool_id = p.id) AS entry_count,
        (SELECT coalesce(sum(amount_nanos), 0) FROM entries e WHERE e.team_id = p.team_id AND e.pool_id = p.id AND bucket = 'credits') AS credit_entries,
        (SELECT coalesce(sum(amount_nanos), 0) FROM entries e WHERE e.team_id = p.team_id AND e.pool_id = p.id AND bucket = 'included') AS included_entries,
        (SELECT coalesce(sum(remaining_nanos), 0) FROM grants g WHERE g.team_id = p.team_id AND g.pool_id = p.id AND kind <> 'included') AS credit_grants,
        (SELECT coalesce(sum(remaining_nanos), 0) FROM grants g WHERE g.team_id = p.team_id AND g.pool_id = p.id AND kind = 'included') AS included_grants,
        (SELECT coalesce(sum(amount_nanos), 0) FROM entries e WHERE e.team_id = p.team_id AND e.pool_id = p.id AND kind IN ('purchase', 'auto_top_up')) AS added,
        (SELECT coalesce(-sum(amount_nanos), 0) FROM entries e WHERE e.team_id = p.team_id AND e.pool_id = p.id AND kind = 'consumption' AND bucket = 'credits') AS spent
      FROM pools p
    ), chain AS (
      SELECT *, row_number() OVER w AS expected_seq, sum(amount_nanos) OVER b AS expected_balance FROM entries
      WINDOW w AS (PARTITION BY team_id, pool_id ORDER BY seq), b AS (PARTITION BY team_id, pool_id, bucket ORDER BY seq)
    )
    SELECT 'pool ' || id || ' differs from its entries' AS fault FROM sums
      WHERE credits_nanos <> credit_entries OR included_nanos <> included_entries OR last_seq <> entry_count
    UNION ALL SELECT 'pool ' || id || ' differs from its grants' FROM sums
      WHERE credits_nanos <> credit_grants - debt_nanos OR included_nanos <> included_grants
    UNION ALL SELECT 'pool ' || id || ' has wrong lifetime figures' FROM sums
      WHERE lifetime_added_nanos <> added OR lifetime_spent_nanos <> spent
    UNION ALL SELECT 'entry ' || seq || ' of pool ' || pool_id || ' breaks the chain' FROM chain
      WHERE seq <> expected_seq OR balance_after_nanos <> expected_balance
    UNION ALL SELECT 'purchase ' || p.id || ' and the ledger disagree' FROM purchases p
      LEFT JOIN entries e ON e.team_id = p.team_id AND e.cause_id = p.id AND e.kind IN ('purchase', 'auto_top_up')
      WHERE (p.status = 'succeeded') <> (e.seq IS NOT NULL) OR e.amount_nanos <> p.captured_nanos`
  return faults.map(({ fault }) => fault)
}
