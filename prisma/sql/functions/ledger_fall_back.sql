-- Gives a pool whose present period is withheld the allowances of the plan that its team has come down to, less what
-- was used. Returns false if the period isn't withheld.
CREATE OR REPLACE FUNCTION ledger_fall_back(
  p_team uuid, p_pool uuid, p_consumables text[], p_quantities bigint[], p_now timestamptz
) RETURNS boolean LANGUAGE plpgsql SET ledger.writer = 'period' AS $$
DECLARE
  pool pools;
BEGIN
  SELECT * INTO STRICT pool FROM pools WHERE team_id = p_team AND id = p_pool FOR NO KEY UPDATE;
  IF pool.period_ends_at IS NULL OR pool.period_ends_at <= p_now OR NOT EXISTS (
    SELECT 1 FROM period_withholdings w WHERE w.team_id = p_team AND w.pool_id = p_pool
      AND w.period_starts_at = pool.period_starts_at AND w.returned_at IS NULL AND NOT w.only_raised) THEN RETURN false; END IF;
  INSERT INTO allowances AS a (team_id, pool_id, period_starts_at, consumable, granted)
    SELECT p_team, p_pool, pool.period_starts_at, n.consumable, n.quantity
    FROM unnest(p_consumables, p_quantities) AS n (consumable, quantity)
    ON CONFLICT (team_id, pool_id, period_starts_at, consumable) DO UPDATE SET granted = greatest(a.granted, excluded.granted);
  UPDATE pools p SET revision = p.revision + 1 WHERE p.team_id = p_team AND p.id = p_pool;
  RETURN true;
END $$;
