-- Sets credits aside. Refuses if the pool holds too little or is in debt by a cent or more; the caller has looked
-- under the pool's lock.
CREATE OR REPLACE FUNCTION ledger_open_hold(
  p_team uuid, p_id uuid, p_pool uuid, p_meter integer, p_quantity bigint, p_amount bigint,
  p_request_key text, p_request_print text, p_now timestamptz, p_expires_at timestamptz
) RETURNS void LANGUAGE plpgsql SET ledger.writer = 'hold' AS $$
BEGIN
  UPDATE pools p SET held_nanos = p.held_nanos + p_amount, revision = p.revision + 1,
      holds_expire_at = least(p.holds_expire_at, p_expires_at)
    WHERE p.team_id = p_team AND p.id = p_pool AND p.debt_nanos < nanos_per_cent()
      -- Usage that the allowance pays sets nothing aside and is refused to nobody, as in a spend.
      AND (p_amount = 0 OR p.included_nanos + p.credits_nanos - p.held_nanos >= p_amount);
  IF NOT FOUND THEN
    RAISE EXCEPTION 'pool % holds too little to set % aside', p_pool, p_amount USING ERRCODE = 'check_violation';
  END IF;
  INSERT INTO holds (
    team_id, id, pool_id, meter_no, quantity, amount_nanos, left_nanos, request_key, request_print, created_at, expires_at
  )
    VALUES (p_team, p_id, p_pool, p_meter, p_quantity, p_amount, p_amount, p_request_key, p_request_print, p_now, p_expires_at);
END $$;
