-- Returns whether the entry moves the credits that the clawback says: same pool, same amount, the right kind.
CREATE OR REPLACE FUNCTION clawbacks_match(p_clawback clawbacks, p_entry entries) RETURNS boolean LANGUAGE sql AS $$
  SELECT p_entry.bucket = 'credits' AND p_entry.amount_nanos = -p_clawback.amount_nanos
    AND p_entry.kind = CASE
      WHEN p_clawback.amount_nanos > 0 AND p_clawback.refund_id IS NULL THEN 'dispute'::entry_kind
      WHEN p_clawback.amount_nanos > 0 THEN 'refund'::entry_kind
      WHEN p_clawback.refund_id IS NULL THEN 'dispute_reversal'::entry_kind
      ELSE 'adjustment'::entry_kind
    END
    AND p_entry.pool_no = (
      SELECT o.no FROM purchases p JOIN pools o ON o.team_id = p.team_id AND o.id = p.pool_id
      WHERE p.team_id = p_clawback.team_id AND p.id = p_clawback.purchase_id)
$$;
