-- Returns how much each grant paid of a usage record's cost, from one amount to another, counted from the end: the last grant
-- drawn first. starts_at is the period that gave included credits, by whichever of its events.
CREATE OR REPLACE FUNCTION ledger_usage_payments(p_pool pools, p_used entries, p_from bigint, p_to bigint)
RETURNS TABLE (
  id uuid, no integer, kind grant_kind, expires_at timestamptz, cause_id uuid, starts_at timestamptz, nanos bigint
) LANGUAGE sql STABLE AS $$
  SELECT g.id, g.no, g.kind, g.expires_at, g.cause_id, coalesce(
      (SELECT d.starts_at FROM periods d WHERE d.team_id = g.team_id AND d.id = g.cause_id),
      (SELECT c.period_starts_at FROM plan_changes c WHERE c.team_id = g.team_id AND c.id = g.cause_id),
      (SELECT w.period_starts_at FROM period_withholdings w WHERE w.team_id = g.team_id AND w.id = g.cause_id)
    ), least(p_to, paid.above) - greatest(p_from, paid.above - paid.nanos)
  FROM (
    SELECT e.seq, e.grant_no, -e.amount_nanos AS nanos, -sum_nanos(e.amount_nanos) OVER (ORDER BY e.seq DESC) AS above
    FROM entries e WHERE e.team_id = p_pool.team_id AND e.pool_no = p_pool.no AND e.bucket IN ('included', 'credits')
      AND e.seq BETWEEN p_used.seq AND p_used.seq + coalesce(p_used.pieces, 1) - 1
  ) paid
  JOIN grants g ON g.team_id = p_pool.team_id AND g.pool_id = p_pool.id AND g.no = paid.grant_no
  WHERE least(p_to, paid.above) > greatest(p_from, paid.above - paid.nanos)
  ORDER BY paid.seq DESC
$$;
