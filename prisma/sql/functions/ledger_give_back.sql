-- Gives back what was taken: debt is repaid first, the rest is a new grant of the kind that was paid for. It was
-- bought once and counts as added once. A cause that has already given changes nothing.
CREATE OR REPLACE FUNCTION ledger_give_back(
  p_team uuid, p_pool uuid, p_kind entry_kind, p_grant_kind grant_kind, p_priority smallint,
  p_amount bigint, p_cause uuid, p_occurred_at timestamptz, p_detail text,
  OUT seq bigint, OUT balance_after_nanos bigint, OUT replayed boolean
) LANGUAGE plpgsql AS $$
BEGIN
  IF p_kind NOT IN ('dispute_reversal', 'adjustment') OR p_grant_kind NOT IN ('purchase', 'auto_top_up') OR p_amount <= 0 THEN
    RAISE EXCEPTION 'only what was paid for is given back, and more than nothing' USING ERRCODE = 'invalid_parameter_value';
  END IF;
  SELECT c.seq, c.balance_after_nanos, c.replayed INTO seq, balance_after_nanos, replayed
    FROM ledger_credit(p_team, p_pool, p_kind, p_grant_kind, p_priority, p_amount, p_cause, p_occurred_at, NULL, p_detail) c;
END $$;
