-- Lets a pool that has recovered be told low or used up again, and ends its being due for a top-up. Less than a cent
-- counts as used up: nothing less can be seen or bought.
CREATE OR REPLACE FUNCTION ledger_rearm(p_team uuid, p_pool uuid) RETURNS void LANGUAGE sql AS $$
  UPDATE pools p SET
    is_low = p.is_low AND pool_available(p) <= low_balance_threshold(p_team, p_pool),
    is_depleted = p.is_depleted AND p.credits_nanos + p.included_nanos < nanos_per_cent()
  WHERE p.team_id = p_team AND p.id = p_pool
    AND ((p.is_low AND pool_available(p) > low_balance_threshold(p_team, p_pool))
      OR (p.is_depleted AND p.credits_nanos + p.included_nanos >= nanos_per_cent()));
  -- An alarm is armed again a tenth above the threshold, and a dollar above it at least.
  UPDATE balance_alarms a SET is_armed = true FROM pools p
  WHERE a.team_id = p_team AND a.pool_id = p_pool AND NOT a.is_armed AND p.team_id = p_team AND p.id = p_pool
    AND CASE a.crossing
      WHEN 'low' THEN pool_available(p) >= low_balance_threshold(p_team, p_pool)
        + greatest(low_balance_threshold(p_team, p_pool) / 10, nanos_per_usd())
      ELSE p.credits_nanos + p.included_nanos >= nanos_per_usd() END;
  UPDATE auto_top_up_settings s SET due_at = NULL, due_cause = NULL, due_needs_nanos = NULL FROM pools p
  WHERE s.team_id = p_team AND s.pool_id = p_pool AND s.due_at IS NOT NULL AND p.team_id = p_team AND p.id = p_pool
    AND NOT top_up_is_wanted(s, pool_available(p))
$$;
