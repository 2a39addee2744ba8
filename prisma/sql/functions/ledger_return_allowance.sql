-- Returns units of an allowance to the period that paid for usage written at p_used_at, and how many of them can be used
-- now: none of a period that is over, and of a withheld one as many as leave p_kept. The withholding gets the others.
-- The process that wrote the usage may have had another clock, so periods next to that time give what that one lacks.
CREATE OR REPLACE FUNCTION ledger_return_allowance(
  p_pool pools, p_withheld period_withholdings, p_consumable text, p_quantity bigint, p_kept bigint,
  p_used_at timestamptz, p_now timestamptz
) RETURNS bigint LANGUAGE plpgsql SET ledger.writer = 'reverse' AS $$
DECLARE
  allowance record;
  due bigint := p_quantity;
  units bigint;
  granted_now bigint;
  owed bigint;
  usable bigint := 0;
BEGIN
  FOR allowance IN
    SELECT a.period_starts_at, a.granted, a.used,
      a.period_starts_at = p_pool.period_starts_at AND p_pool.period_ends_at > p_now AS is_present
    FROM allowances a JOIN periods d ON d.team_id = a.team_id AND d.pool_id = a.pool_id AND d.starts_at = a.period_starts_at
    WHERE a.team_id = p_pool.team_id AND a.pool_id = p_pool.id AND a.consumable = p_consumable AND a.used > 0
    ORDER BY p_used_at >= d.starts_at AND p_used_at < d.ends_at DESC, abs(extract(epoch FROM p_used_at - d.starts_at))
  LOOP
    EXIT WHEN due = 0;
    units := least(allowance.used, due);
    due := due - units;
    granted_now := allowance.granted;
    IF allowance.is_present AND p_withheld.id IS NOT NULL THEN
      granted_now := least(allowance.granted, greatest(allowance.used - units, p_kept));
      -- Once the period itself is paid, all of it is granted anew, whatever is usable meanwhile.
      owed := CASE WHEN p_withheld.only_raised THEN allowance.granted - granted_now ELSE units END;
      UPDATE period_withholdings w SET (consumables, quantities) = (
          SELECT array_agg(n.consumable ORDER BY n.consumable), array_agg(n.quantity ORDER BY n.consumable) FROM (
            SELECT consumable, sum_nanos(quantity) AS quantity FROM (
              SELECT * FROM unnest(w.consumables, w.quantities) AS o (consumable, quantity) UNION ALL VALUES (p_consumable, owed)
            ) both_kinds GROUP BY consumable
          ) n)
        WHERE w.team_id = p_pool.team_id AND w.id = p_withheld.id AND owed > 0;
    END IF;
    UPDATE allowances a SET used = a.used - units, granted = granted_now
      WHERE a.team_id = p_pool.team_id AND a.pool_id = p_pool.id AND a.period_starts_at = allowance.period_starts_at
        AND a.consumable = p_consumable;
    IF allowance.is_present THEN usable := usable + units - (allowance.granted - granted_now); END IF;
  END LOOP;
  IF due > 0 THEN
    RAISE EXCEPTION 'usage that is reversed used an allowance that its pool doesn''t have'
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN usable;
END $$;
