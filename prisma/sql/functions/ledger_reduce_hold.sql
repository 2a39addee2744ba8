-- Gives back some or all of what an open hold sets aside, and settles the hold if it gets another status. A hold that
-- is released is a rise. One that is captured, or reduced for a spend, is none before that spend is written.
CREATE OR REPLACE FUNCTION ledger_reduce_hold(
  p_team uuid, p_id uuid, p_amount bigint, p_status hold_status, p_now timestamptz, p_captured bigint, p_shortfall bigint
) RETURNS void LANGUAGE plpgsql SET ledger.writer = 'hold' AS $$
DECLARE
  reduced holds;
BEGIN
  UPDATE holds h SET left_nanos = h.left_nanos - p_amount, status = p_status,
      settled_at = CASE WHEN p_status <> 'open' THEN p_now END, captured_quantity = p_captured, shortfall_nanos = p_shortfall
    WHERE h.team_id = p_team AND h.id = p_id AND h.status = 'open' RETURNING * INTO STRICT reduced;
  UPDATE pools p SET held_nanos = p.held_nanos - p_amount, revision = p.revision + 1,
      holds_expire_at = (
        SELECT min(h.expires_at) FROM holds h
        WHERE h.team_id = p_team AND h.pool_id = p.id AND h.status = 'open')
    WHERE p.team_id = p_team AND p.id = reduced.pool_id;
  IF p_status = 'released' THEN PERFORM ledger_rearm(p_team, reduced.pool_id); END IF;
END $$;
