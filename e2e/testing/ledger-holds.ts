import type { Db } from "@/lib/db/client"

/**
 * Computes the ledger's invariants anew, by other means than the triggers that hold them, and gives a sentence for each
 * that is broken. Empty: all hold.
 */
export async function findLedgerFaults(db: Pick<Db, "$queryRaw">): Promise<string[]> {
  const faults = await db.$queryRaw<{ fault: string }[]>`
    WITH sums AS (
      SELECT p.*,
        (SELECT count(*) FROM entries e WHERE e.team_id = p.team_id AND e.pool_no = p.no) AS entry_count,
        (SELECT coalesce(sum(amount_nanos), 0) FROM entries e WHERE e.team_id = p.team_id AND e.pool_no = p.no AND bucket = 'credits') AS credit_entries,
        (SELECT coalesce(sum(amount_nanos), 0) FROM entries e WHERE e.team_id = p.team_id AND e.pool_no = p.no AND bucket = 'included') AS included_entries,
        (SELECT coalesce(sum(remaining_nanos), 0) FROM grants g WHERE g.team_id = p.team_id AND g.pool_id = p.id AND kind <> 'included') AS credit_grants,
        (SELECT coalesce(sum(remaining_nanos), 0) FROM grants g WHERE g.team_id = p.team_id AND g.pool_id = p.id AND kind = 'included') AS included_grants,
        (SELECT coalesce(sum(amount_nanos), 0) FROM entries e WHERE e.team_id = p.team_id AND e.pool_no = p.no AND kind IN ('purchase', 'auto_top_up')) AS added,
        (SELECT coalesce(-sum(amount_nanos), 0) FROM entries e WHERE e.team_id = p.team_id AND e.pool_no = p.no AND kind = 'consumption' AND bucket = 'credits') AS spent,
        (SELECT coalesce(sum(left_nanos), 0) FROM holds h WHERE h.team_id = p.team_id AND h.pool_id = p.id AND h.status = 'open') AS open_holds,
        (SELECT coalesce(-sum(amount_nanos), 0) FROM entries e WHERE e.team_id = p.team_id AND e.pool_no = p.no AND kind = 'consumption' AND meter_no IS NOT NULL) AS metered,
        (SELECT count(*) FROM entries e WHERE e.team_id = p.team_id AND e.pool_no = p.no AND usage_key IS NOT NULL) AS records,
        (SELECT coalesce(sum(quantity), 0) FROM entries e WHERE e.team_id = p.team_id AND e.pool_no = p.no) AS quantities
      FROM pools p
    ), paid AS (
      SELECT e.team_id, g.id, g.original_nanos - g.remaining_nanos AS gone, -sum(e.amount_nanos) AS drawn
      FROM grants g JOIN pools p ON p.team_id = g.team_id AND p.id = g.pool_id
      JOIN entries e ON e.team_id = g.team_id AND e.pool_no = p.no AND e.grant_no = g.no AND e.kind IN ('consumption', 'expiry')
      WHERE NOT EXISTS (SELECT 1 FROM entries x WHERE x.team_id = p.team_id AND x.pool_no = p.no AND x.kind = 'refund')
      GROUP BY e.team_id, g.id, g.original_nanos, g.remaining_nanos
    ), chain AS (
      SELECT *, row_number() OVER w AS expected_seq, sum(amount_nanos) OVER b AS expected_balance FROM entries
      WINDOW w AS (PARTITION BY team_id, pool_no ORDER BY seq), b AS (PARTITION BY team_id, pool_no, bucket ORDER BY seq)
    )
    SELECT 'pool ' || id || ' differs from its entries' AS fault FROM sums
      WHERE credits_nanos <> credit_entries OR included_nanos <> included_entries OR last_seq <> entry_count
    UNION ALL SELECT 'pool ' || id || ' differs from its grants' FROM sums
      WHERE credits_nanos <> credit_grants - debt_nanos OR included_nanos <> included_grants
    UNION ALL SELECT 'pool ' || id || ' has wrong lifetime figures' FROM sums
      WHERE lifetime_added_nanos <> added OR lifetime_spent_nanos <> spent
    UNION ALL SELECT 'pool ' || id || ' differs from its holds' FROM sums WHERE held_nanos <> open_holds
    UNION ALL SELECT 'grant ' || id || ' paid ' || drawn || ' and lost ' || gone FROM paid WHERE drawn > gone
    UNION ALL SELECT 'pool ' || s.id || ' differs from its daily totals' FROM sums s
      LEFT JOIN (SELECT team_id, pool_id, sum(records) AS records, sum(quantity) AS quantity, sum(included_nanos + credits_nanos) AS cost
        FROM usage_days GROUP BY team_id, pool_id) d ON d.team_id = s.team_id AND d.pool_id = s.id
      WHERE coalesce(d.records, 0) <> s.records OR coalesce(d.quantity, 0) <> s.quantities OR coalesce(d.cost, 0) <> s.metered
    UNION ALL SELECT 'entry ' || seq || ' of pool ' || pool_no || ' breaks the chain' FROM chain
      WHERE seq <> expected_seq OR balance_after_nanos <> expected_balance
    UNION ALL SELECT 'purchase ' || p.id || ' and the ledger disagree' FROM purchases p
      LEFT JOIN entries e ON e.team_id = p.team_id AND e.cause_id = p.id AND e.kind IN ('purchase', 'auto_top_up')
      WHERE (p.status = 'succeeded') <> (e.seq IS NOT NULL) OR e.amount_nanos <> p.captured_nanos`
  return faults.map(({ fault }) => fault)
}
