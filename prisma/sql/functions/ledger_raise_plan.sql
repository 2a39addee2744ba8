-- Gives a pool what a larger plan adds to its present period: these quantities more of each allowance, and these
-- included credits. Returns false, and gives nothing, if the pool came to this plan before in this period.
CREATE OR REPLACE FUNCTION ledger_raise_plan(
  p_team uuid, p_pool uuid, p_change uuid, p_from plan, p_to plan, p_included bigint, p_priority smallint,
  p_consumables text[], p_quantities bigint[], p_now timestamptz
) RETURNS boolean LANGUAGE plpgsql SET ledger.writer = 'period' AS $$
DECLARE
  pool pools;
BEGIN
  SELECT * INTO STRICT pool FROM pools WHERE team_id = p_team AND id = p_pool FOR NO KEY UPDATE;
  IF pool.period_starts_at IS NULL OR pool.period_ends_at <= p_now THEN
    RAISE EXCEPTION 'pool % is in no period that a plan could be raised in', p_pool USING ERRCODE = 'check_violation';
  END IF;
  INSERT INTO plan_changes (team_id, id, pool_id, period_starts_at, from_plan, to_plan, included_nanos)
    VALUES (p_team, p_change, p_pool, pool.period_starts_at, p_from, p_to, p_included)
    ON CONFLICT (team_id, pool_id, period_starts_at, to_plan) DO NOTHING;
  IF NOT FOUND THEN RETURN false; END IF;
  INSERT INTO allowances AS a (team_id, pool_id, period_starts_at, consumable, granted)
    SELECT p_team, p_pool, pool.period_starts_at, n.consumable, n.quantity
    FROM unnest(p_consumables, p_quantities) AS n (consumable, quantity)
    ON CONFLICT (team_id, pool_id, period_starts_at, consumable) DO UPDATE SET granted = a.granted + excluded.granted;
  UPDATE pools p SET revision = p.revision + 1 WHERE p.team_id = p_team AND p.id = p_pool;
  IF p_included > 0 THEN
    PERFORM ledger_credit(
      p_team, p_pool, 'included_grant', 'included', p_priority,
      p_included, p_change, p_now, pool.period_ends_at, NULL);
  END IF;
  PERFORM ledger_rearm(p_team, p_pool);
  RETURN true;
END $$;
