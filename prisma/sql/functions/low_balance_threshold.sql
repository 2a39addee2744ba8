-- Returns the threshold at or below which a pool is low, in nanos: that of its auto top-up while that is on, else the
-- team's.
CREATE OR REPLACE FUNCTION low_balance_threshold(p_team uuid, p_pool uuid) RETURNS bigint LANGUAGE sql STABLE AS $$
  SELECT coalesce(
    (SELECT s.threshold_nanos FROM auto_top_up_settings s WHERE s.team_id = p_team AND s.pool_id = p_pool AND s.enabled),
    (SELECT t.low_balance_threshold_nanos FROM teams t WHERE t.id = p_team)
  )
$$;
