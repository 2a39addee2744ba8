-- Takes what is unused of what a pool's present period gave, and notes it together with what the period never gave.
-- Returns false if there is no such period, or if it is withheld already, for whatever reason.
CREATE OR REPLACE FUNCTION ledger_withhold_period(
  p_team uuid, p_pool uuid, p_id uuid, p_why withheld, p_only_raised boolean,
  p_keep_consumables text[], p_keep_quantities bigint[],
  p_not_given bigint, p_consumables text[], p_quantities bigint[], p_now timestamptz
) RETURNS boolean LANGUAGE plpgsql SET ledger.writer = 'period' AS $$
DECLARE
  pool pools;
  lot record;
  taken bigint := 0;
  names text[];
  amounts bigint[];
BEGIN
  SELECT * INTO STRICT pool FROM pools WHERE team_id = p_team AND id = p_pool FOR NO KEY UPDATE;
  IF pool.period_starts_at IS NULL OR pool.period_ends_at <= p_now THEN RETURN false; END IF;
  UPDATE period_withholdings w SET why = p_why
    WHERE w.team_id = p_team AND w.pool_id = p_pool AND w.period_starts_at = pool.period_starts_at
      AND w.returned_at IS NULL AND w.why <> p_why;
  IF EXISTS (SELECT 1 FROM period_withholdings w
    WHERE w.team_id = p_team AND w.pool_id = p_pool AND w.period_starts_at = pool.period_starts_at
      AND w.returned_at IS NULL)
  THEN RETURN false; END IF;
  PERFORM ledger_expire(p_team, p_pool, p_now);
  FOR lot IN SELECT g.* FROM grants g
    WHERE g.team_id = p_team AND g.pool_id = p_pool AND g.is_open AND g.kind = 'included' AND (NOT p_only_raised OR EXISTS (
      SELECT 1 FROM plan_changes c WHERE c.team_id = p_team AND c.pool_id = p_pool AND c.id = g.cause_id))
    ORDER BY g.expires_at, g.id
  LOOP
    taken := taken + lot.remaining_nanos;
    UPDATE pools p SET last_seq = p.last_seq + 1, included_nanos = p.included_nanos - lot.remaining_nanos
      WHERE p.team_id = p_team AND p.id = p_pool RETURNING * INTO pool;
    INSERT INTO entries (
      team_id, pool_no, seq, bucket, kind, amount_nanos, balance_after_nanos,
      created_at, cause_id, grant_no, reported_at
    )
      VALUES (
        p_team, pool.no, pool.last_seq, 'included', 'expiry', -lot.remaining_nanos, pool.included_nanos,
        p_now, ledger_expiry_cause(p_team, lot.id), lot.no, p_now
      );
    UPDATE grants g SET remaining_nanos = 0, is_open = false WHERE g.team_id = p_team AND g.id = lot.id;
  END LOOP;
  WITH reduced AS (
    UPDATE allowances a SET granted = greatest(a.used, kept.quantity)
    FROM (
      SELECT b.consumable, coalesce(k.quantity, 0) AS quantity FROM allowances b
      LEFT JOIN unnest(p_keep_consumables, p_keep_quantities) AS k (consumable, quantity) ON k.consumable = b.consumable
      WHERE b.team_id = p_team AND b.pool_id = p_pool AND b.period_starts_at = pool.period_starts_at
    ) kept
    WHERE a.team_id = p_team AND a.pool_id = p_pool AND a.period_starts_at = pool.period_starts_at
      AND a.consumable = kept.consumable AND a.granted > greatest(a.used, kept.quantity)
    RETURNING a.consumable, old.granted - new.granted AS quantity
  ), withheld AS (
    SELECT consumable, sum_nanos(quantity) AS quantity FROM (
      SELECT * FROM reduced UNION ALL SELECT * FROM unnest(p_consumables, p_quantities) AS n (consumable, quantity)
    ) both_kinds GROUP BY consumable
  )
  SELECT coalesce(array_agg(consumable ORDER BY consumable), '{}'), coalesce(array_agg(quantity ORDER BY consumable), '{}')
    INTO names, amounts FROM withheld;
  INSERT INTO period_withholdings (
    team_id, id, pool_id, period_starts_at, why, only_raised,
    included_nanos, taken_nanos, consumables, quantities, created_at
  )
    VALUES (
      p_team, p_id, p_pool, pool.period_starts_at, p_why, p_only_raised,
      taken + p_not_given, taken, names, amounts, p_now
    );
  UPDATE pools p SET revision = p.revision + 1, withheld_nanos = taken + p_not_given WHERE p.team_id = p_team AND p.id = p_pool;
  RETURN true;
END $$;
