import type { Db } from "@/lib/db/client"
import type { Sql } from "./sql"

const FIND_FAULTS = `
    WITH sums AS (
      SELECT p.*,
        (SELECT count(*) FROM entries e WHERE e.team_id = p.team_id AND e.pool_no = p.no) AS entry_count,
        (SELECT coalesce(sum(amount_nanos), 0) FROM entries e WHERE e.team_id = p.team_id AND e.pool_no = p.no AND bucket = 'credits') AS credit_entries,
        (SELECT coalesce(sum(amount_nanos), 0) FROM entries e WHERE e.team_id = p.team_id AND e.pool_no = p.no AND bucket = 'included') AS included_entries,
        (SELECT coalesce(sum(remaining_nanos), 0) FROM grants g WHERE g.team_id = p.team_id AND g.pool_id = p.id AND kind <> 'included') AS credit_grants,
        (SELECT coalesce(sum(remaining_nanos), 0) FROM grants g WHERE g.team_id = p.team_id AND g.pool_id = p.id AND kind = 'included') AS included_grants,
        (SELECT coalesce(sum(amount_nanos), 0) FROM entries e WHERE e.team_id = p.team_id AND e.pool_no = p.no AND kind IN ('purchase', 'auto_top_up')) AS added,
        (SELECT coalesce(-sum(amount_nanos), 0) FROM entries e WHERE e.team_id = p.team_id AND e.pool_no = p.no AND kind IN ('consumption', 'consumption_reversal') AND bucket = 'credits') AS spent,
        (SELECT coalesce(sum(left_nanos), 0) FROM holds h WHERE h.team_id = p.team_id AND h.pool_id = p.id AND h.status = 'open') AS open_holds,
        (SELECT coalesce(sum(used), 0) FROM allowances a WHERE a.team_id = p.team_id AND a.pool_id = p.id) AS allowed,
        (SELECT coalesce(sum(allowance_quantity), 0) FROM entries e WHERE e.team_id = p.team_id AND e.pool_no = p.no)
          - (SELECT coalesce(sum(r.allowance_quantity), 0) FROM usage_reversals r WHERE r.team_id = p.team_id AND r.pool_id = p.id) AS covered,
        (SELECT coalesce(max(g.no), 0) FROM grants g WHERE g.team_id = p.team_id AND g.pool_id = p.id) AS newest_grant
      FROM pools p
    ), paid AS (
      -- A refund and a transfer take from grants without naming them, and so does what repays the debt of a refund.
      SELECT g.team_id, g.id, g.original_nanos - g.remaining_nanos AS gone, coalesce(-sum(e.amount_nanos), 0)
        - (SELECT coalesce(sum(b.amount_nanos), 0) FROM usage_reversals r
          JOIN usage_reversal_parts b ON b.team_id = r.team_id AND b.reversal_id = r.id
          WHERE r.team_id = g.team_id AND r.pool_id = g.pool_id AND b.grant_no = g.no) AS drawn
      FROM grants g JOIN pools p ON p.team_id = g.team_id AND p.id = g.pool_id
      LEFT JOIN entries e ON e.team_id = g.team_id AND e.pool_no = p.no AND e.grant_no = g.no AND e.kind IN ('consumption', 'expiry')
      WHERE NOT EXISTS (
        SELECT 1 FROM entries x WHERE x.team_id = p.team_id AND x.pool_no = p.no
          AND (x.kind IN ('refund', 'dispute') OR x.kind = 'transfer' AND x.amount_nanos < 0))
      GROUP BY g.team_id, g.id, g.pool_id, g.no, g.original_nanos, g.remaining_nanos
    ), used AS (
      -- A record counts with all its entries and reversals on its own day.
      SELECT e.team_id, p.id AS pool_id, (e.occurred_at AT TIME ZONE 'UTC')::date AS day, e.meter_no,
        count(e.quantity) AS records, coalesce(sum(e.quantity - coalesce(r.quantity, 0)), 0) AS quantity,
        coalesce(sum(coalesce(e.allowance_quantity, 0) - coalesce(r.allowance, 0)), 0) AS allowance,
        coalesce(-sum(e.amount_nanos) FILTER (WHERE e.bucket = 'included'), 0) - coalesce(sum(r.included), 0) AS included,
        coalesce(-sum(e.amount_nanos) FILTER (WHERE e.bucket = 'credits'), 0) - coalesce(sum(r.credits), 0) AS credits,
        min(e.seq) AS first_seq, max(e.seq) AS last_seq
      FROM entries e JOIN pools p ON p.team_id = e.team_id AND p.no = e.pool_no
      LEFT JOIN (
        SELECT team_id, usage_key, sum(quantity) AS quantity, sum(allowance_quantity) AS allowance,
          sum(included_nanos) AS included, sum(credits_nanos) AS credits FROM usage_reversals GROUP BY team_id, usage_key
      ) r ON r.team_id = e.team_id AND r.usage_key = e.usage_key
      WHERE e.meter_no IS NOT NULL
      GROUP BY e.team_id, p.id, (e.occurred_at AT TIME ZONE 'UTC')::date, e.meter_no
    ), chain AS (
      SELECT *, row_number() OVER w AS expected_seq, sum(amount_nanos) OVER b AS expected_balance FROM entries
      WINDOW w AS (PARTITION BY team_id, pool_no ORDER BY seq), b AS (PARTITION BY team_id, pool_no, bucket ORDER BY seq)
    ), claims AS (
      SELECT r.team_id, r.purchase_id, 'refund ' || r.id AS claim, CASE WHEN r.status IN ('failed', 'canceled') THEN 0 ELSE r.amount_nanos END AS claimed,
        (SELECT coalesce(sum(c.amount_nanos), 0) FROM clawbacks c WHERE c.team_id = r.team_id AND c.refund_id = r.id) AS taken FROM refunds r
      UNION ALL
      SELECT d.team_id, d.purchase_id, 'dispute ' || d.id, CASE WHEN d.status IN ('open', 'lost') THEN d.amount_nanos ELSE 0 END,
        (SELECT coalesce(sum(c.amount_nanos), 0) FROM clawbacks c WHERE c.team_id = d.team_id AND c.dispute_id = d.id) FROM disputes d
    ), money_back AS (
      SELECT p.team_id, p.id, p.captured_nanos, p.taken_back_nanos, coalesce(p.paid_nanos, p.captured_nanos) AS paid_nanos,
        (SELECT coalesce(sum(round(c.claimed::numeric * p.captured_nanos / coalesce(p.paid_nanos, p.captured_nanos))), 0)
          FROM claims c WHERE c.team_id = p.team_id AND c.purchase_id = p.id) AS share,
        (SELECT coalesce(sum(c.claimed), 0) FROM claims c WHERE c.team_id = p.team_id AND c.purchase_id = p.id) AS claimed,
        -- The pool's real loss, by its entries alone.
        (SELECT coalesce(-sum(e.amount_nanos), 0) FROM clawbacks b JOIN entries e ON e.team_id = b.team_id AND e.cause_id = b.id
          WHERE b.team_id = p.team_id AND b.purchase_id = p.id) AS lost
      FROM purchases p
    )
    SELECT 'pool ' || id || ' differs from its entries' AS fault FROM sums
      WHERE credits_nanos <> credit_entries OR included_nanos <> included_entries OR last_seq <> entry_count
    UNION ALL SELECT 'pool ' || id || ' differs from its grants' FROM sums
      WHERE credits_nanos <> credit_grants - debt_nanos OR included_nanos <> included_grants
    UNION ALL SELECT 'pool ' || id || ' has wrong lifetime figures' FROM sums
      WHERE lifetime_added_nanos <> added OR lifetime_spent_nanos <> spent
    UNION ALL SELECT 'pool ' || id || ' differs from its holds' FROM sums WHERE held_nanos <> open_holds
    UNION ALL SELECT 'grant ' || id || ' paid ' || drawn || ' and lost ' || gone FROM paid WHERE drawn <> gone
    UNION ALL SELECT 'pool ' || id || ' has more allowance used than its records say, or less' FROM sums WHERE allowed <> covered
    UNION ALL SELECT 'pool ' || id || ' has numbered its grants wrongly' FROM sums WHERE last_grant_no <> newest_grant
    UNION ALL SELECT 'meter ' || coalesce(u.meter_no, d.meter_no) || ' of pool ' || coalesce(u.pool_id, d.pool_id) || ' differs from its total of '
        || coalesce(u.day, d.day)
      FROM used u FULL JOIN usage_days d ON d.team_id = u.team_id AND d.pool_id = u.pool_id AND d.day = u.day AND d.meter_no = u.meter_no
      WHERE (u.records, u.quantity, u.allowance, u.included, u.credits)
          IS DISTINCT FROM (d.records, d.quantity, d.allowance_quantity, d.included_nanos, d.credits_nanos)
        OR d.first_seq > u.first_seq OR d.last_seq < u.last_seq
    UNION ALL SELECT 'entry ' || e.seq || ' of pool ' || e.pool_no || ' belongs to no pool of its team' FROM entries e
      WHERE NOT EXISTS (SELECT 1 FROM pools p WHERE p.team_id = e.team_id AND p.no = e.pool_no)
    UNION ALL SELECT 'entry ' || seq || ' of pool ' || pool_no || ' breaks the chain' FROM chain
      WHERE seq <> expected_seq OR balance_after_nanos <> expected_balance
    UNION ALL SELECT 'purchase ' || p.id || ' and the ledger disagree' FROM purchases p
      LEFT JOIN entries e ON e.team_id = p.team_id AND e.cause_id = p.id AND e.kind IN ('purchase', 'auto_top_up')
      WHERE (p.status = 'succeeded') <> (e.seq IS NOT NULL) OR e.amount_nanos <> p.captured_nanos
    UNION ALL SELECT claim || ' has taken ' || taken || ' of ' || claimed FROM claims WHERE taken < 0 OR taken > claimed
    UNION ALL SELECT 'purchase ' || id || ' lost ' || lost || ' of ' || coalesce(captured_nanos, 0) || ' to claims of ' || claimed FROM money_back
      WHERE lost <> taken_back_nanos OR lost <> CASE WHEN claimed >= paid_nanos THEN captured_nanos ELSE least(coalesce(captured_nanos, 0), share) END
    UNION ALL SELECT c.claim || ' waits for a credited purchase' FROM claims c JOIN purchases p ON p.team_id = c.team_id
        AND p.payment_intent_id IN (SELECT payment_intent_id FROM refunds r WHERE 'refund ' || r.id = c.claim
          UNION SELECT payment_intent_id FROM disputes d WHERE 'dispute ' || d.id = c.claim)
      WHERE c.purchase_id IS NULL AND p.status = 'succeeded'
    UNION ALL SELECT 'entry ' || e.seq || ' of pool ' || e.pool_no || ' is of no refund or dispute' FROM entries e
      WHERE e.kind IN ('refund', 'dispute', 'dispute_reversal')
        AND NOT EXISTS (SELECT 1 FROM clawbacks b WHERE b.team_id = e.team_id AND b.id = e.cause_id)
    UNION ALL SELECT 'transfer ' || t.id || ' is not one entry in each of its pools' FROM transfers t
      JOIN pools f ON f.team_id = t.team_id AND f.id = t.from_pool_id JOIN pools o ON o.team_id = t.team_id AND o.id = t.to_pool_id
      WHERE (SELECT array_agg((e.pool_no, e.amount_nanos)::text ORDER BY e.amount_nanos) FROM entries e
          WHERE e.team_id = t.team_id AND e.cause_id = t.id)
        IS DISTINCT FROM ARRAY[(f.no, -t.amount_nanos)::text, (o.no, t.amount_nanos)::text]
    UNION ALL SELECT 'reversal ' || r.id || ' gave back something else than its entries and its grants say' FROM usage_reversals r
      WHERE (SELECT coalesce(sum(e.amount_nanos), 0) FROM entries e
          WHERE e.team_id = r.team_id AND e.cause_id = r.id AND e.kind = 'consumption_reversal') <> r.included_nanos + r.credits_nanos
        OR (SELECT coalesce(sum(b.amount_nanos), 0) FROM usage_reversal_parts b
          WHERE b.team_id = r.team_id AND b.reversal_id = r.id) <> r.included_nanos + r.credits_nanos
    UNION ALL SELECT 'record ' || f.usage_key || ' was reversed by ' || r.quantity || ' of ' || f.quantity FROM (
        SELECT team_id, usage_key, sum(quantity) AS quantity FROM usage_reversals GROUP BY team_id, usage_key) r
      JOIN entries f ON f.team_id = r.team_id AND f.usage_key = r.usage_key WHERE r.quantity > f.quantity
    UNION ALL SELECT 'entry ' || e.seq || ' of pool ' || e.pool_no || ' is of no reversal' FROM entries e
      WHERE e.kind = 'consumption_reversal' AND NOT EXISTS (
        SELECT 1 FROM usage_reversals r WHERE r.team_id = e.team_id AND r.id = e.cause_id)
    UNION ALL SELECT 'limit ' || l.id || ' differs from its holds' FROM spend_limits l
      WHERE l.held_nanos <> (SELECT coalesce(sum(h.left_nanos), 0) FROM holds h
        WHERE h.team_id = l.team_id AND h.status = 'open' AND l.id = ANY (h.limit_ids))
    UNION ALL SELECT 'entry ' || e.seq || ' of pool ' || e.pool_no || ' is of no transfer' FROM entries e
      WHERE e.kind = 'transfer' AND NOT EXISTS (SELECT 1 FROM transfers t WHERE t.team_id = e.team_id AND t.id = e.cause_id)
    UNION ALL SELECT 'pool ' || id || ' has a debt though credits are left' FROM sums WHERE debt_nanos > 0 AND credit_grants > 0`

/**
 * Recomputes the ledger's invariants by means other than the triggers that hold them, and returns a sentence for each
 * broken one. Over a connection, it sees what that hasn't committed yet.
 */
export async function findLedgerFaults(asked: Db | Sql): Promise<string[]> {
  const faults =
    typeof asked === "function"
      ? await asked(FIND_FAULTS)
      : await asked.$queryRawUnsafe<{ fault: string }[]>(FIND_FAULTS)
  return faults.map(({ fault }) => String(fault))
}
