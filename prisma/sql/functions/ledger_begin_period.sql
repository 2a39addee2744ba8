-- Begins a pool's billing period: what the last one included and wasn't used expires, then the new period's
-- allowances and included credits come. Bought credits stay. A period that lies in the future begins at once when the
-- pool has no other.
-- Returns false, and changes nothing, if the pool's present period isn't over, even if the team's anchor has moved,
-- or if a later one has begun already.
CREATE OR REPLACE FUNCTION ledger_begin_period(
  p_team uuid, p_pool uuid, p_period uuid, p_plan plan, p_starts_at timestamptz, p_ends_at timestamptz,
  p_included bigint, p_priority smallint, p_consumables text[], p_quantities bigint[], p_now timestamptz
) RETURNS boolean LANGUAGE plpgsql SET ledger.writer = 'period' AS $$
DECLARE
  pool pools;
BEGIN
  SELECT * INTO STRICT pool FROM pools WHERE team_id = p_team AND id = p_pool FOR NO KEY UPDATE;
  IF pool.period_ends_at > p_now OR pool.period_starts_at >= p_starts_at OR p_now >= p_ends_at THEN RETURN false; END IF;
  INSERT INTO periods (team_id, id, pool_id, plan, starts_at, ends_at)
    VALUES (p_team, p_period, p_pool, p_plan, p_starts_at, p_ends_at);
  PERFORM ledger_expire(p_team, p_pool, p_now);
  UPDATE pools p SET period_starts_at = p_starts_at, period_ends_at = p_ends_at, revision = p.revision + 1, withheld_nanos = 0
    WHERE p.team_id = p_team AND p.id = p_pool;
  INSERT INTO allowances (team_id, pool_id, period_starts_at, consumable, granted)
    SELECT p_team, p_pool, p_starts_at, a.consumable, a.quantity
    FROM unnest(p_consumables, p_quantities) AS a (consumable, quantity);
  IF p_included > 0 THEN
    PERFORM ledger_credit(
      p_team, p_pool, 'included_grant', 'included', p_priority,
      p_included, p_period, p_starts_at, p_ends_at, NULL);
  END IF;
  PERFORM ledger_rearm(p_team, p_pool);
  RETURN true;
END $$;
