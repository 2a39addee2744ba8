-- Returns everything that decides about the next spend of these pools: as it is now or, locked, as it stays until the
-- transaction ends.
CREATE OR REPLACE FUNCTION ledger_read_pools(p_team uuid, p_pools uuid[], p_lock boolean)
RETURNS TABLE (
  id uuid, no integer, revision bigint, last_seq bigint,
  credits_nanos bigint, included_nanos bigint, debt_nanos bigint, held_nanos bigint, withheld_nanos bigint,
  is_low boolean, is_depleted boolean, has_had_credits boolean, period_starts_at timestamptz, period_ends_at timestamptz,
  holds_expire_at timestamptz, is_due boolean, lots json, allowances json
) LANGUAGE plpgsql AS $$
BEGIN
  IF p_lock THEN
    -- A statement of its own: what is read next must be newer than the lock.
    PERFORM 1 FROM pools p WHERE p.team_id = p_team AND p.id = ANY (p_pools) ORDER BY p.id FOR NO KEY UPDATE;
  END IF;
  RETURN QUERY SELECT p.id, p.no, p.revision, p.last_seq,
      p.credits_nanos, p.included_nanos::bigint, p.debt_nanos::bigint, p.held_nanos::bigint, p.withheld_nanos::bigint,
      p.is_low, p.is_depleted, p.lifetime_added_nanos > 0 OR p.lifetime_spent_nanos > 0, p.period_starts_at, p.period_ends_at,
      p.holds_expire_at,
      EXISTS (SELECT 1 FROM auto_top_up_settings s WHERE s.team_id = p_team AND s.pool_id = p.id AND s.due_at IS NOT NULL),
      (SELECT json_agg(
          json_build_array(g.id, g.no, g.kind, g.remaining_nanos::text, floor(extract(epoch FROM g.expires_at) * 1000))
          ORDER BY g.priority, g.expires_at NULLS LAST, g.id)
        FROM grants g WHERE g.team_id = p_team AND g.pool_id = p.id AND g.is_open),
      (SELECT json_agg(json_build_array(a.consumable, (a.granted - a.used)::text)) FROM allowances a
        WHERE a.team_id = p_team AND a.pool_id = p.id AND a.period_starts_at = p.period_starts_at AND a.granted > a.used)
    FROM pools p WHERE p.team_id = p_team AND p.id = ANY (p_pools);
END $$;
