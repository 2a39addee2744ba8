-- Gives what was withheld of a pool's present period, once. What was used meanwhile stays paid as it was. Returns
-- false if nothing is withheld.
CREATE OR REPLACE FUNCTION ledger_return_period(p_team uuid, p_pool uuid, p_priority smallint, p_now timestamptz)
RETURNS boolean LANGUAGE plpgsql SET ledger.writer = 'period' AS $$
DECLARE
  pool pools;
  withheld period_withholdings;
BEGIN
  SELECT * INTO STRICT pool FROM pools WHERE team_id = p_team AND id = p_pool FOR NO KEY UPDATE;
  IF pool.period_ends_at IS NULL OR pool.period_ends_at <= p_now THEN RETURN false; END IF;
  UPDATE period_withholdings w SET returned_at = p_now
    WHERE w.team_id = p_team AND w.pool_id = p_pool AND w.period_starts_at = pool.period_starts_at AND w.returned_at IS NULL
    RETURNING * INTO withheld;
  IF NOT FOUND THEN RETURN false; END IF;
  INSERT INTO allowances AS a (team_id, pool_id, period_starts_at, consumable, granted)
    SELECT p_team, p_pool, pool.period_starts_at, n.consumable, n.quantity
    FROM unnest(withheld.consumables, withheld.quantities) AS n (consumable, quantity) WHERE n.quantity > 0
    ON CONFLICT (team_id, pool_id, period_starts_at, consumable) DO UPDATE SET
      -- The pool may have been on the free plan meanwhile, and gives that allowance up for this one.
      granted = CASE WHEN withheld.only_raised THEN a.granted ELSE a.used END + excluded.granted;
  UPDATE pools p SET revision = p.revision + 1, withheld_nanos = 0 WHERE p.team_id = p_team AND p.id = p_pool;
  IF withheld.included_nanos > 0 THEN
    PERFORM ledger_credit(
      p_team, p_pool, 'included_grant', 'included', p_priority,
      withheld.included_nanos, withheld.id, p_now, pool.period_ends_at, NULL);
  END IF;
  PERFORM ledger_rearm(p_team, p_pool);
  RETURN true;
END $$;
