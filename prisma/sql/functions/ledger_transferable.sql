-- Returns what a transfer may take from a pool, in nanos: what is left of bought credits, less what holds set aside
-- that nothing else in the pool covers.
CREATE OR REPLACE FUNCTION ledger_transferable(p_team uuid, p_pool uuid) RETURNS bigint LANGUAGE sql STABLE AS $$
  SELECT greatest(0, least(pool_available(p), (
    SELECT coalesce(sum(g.remaining_nanos), 0) FROM grants g
    WHERE g.team_id = p_team AND g.pool_id = p_pool AND g.is_open AND g.kind IN ('purchase', 'auto_top_up')
  )))::bigint
  FROM pools p WHERE p.team_id = p_team AND p.id = p_pool
$$;
