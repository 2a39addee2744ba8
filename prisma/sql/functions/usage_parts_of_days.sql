-- Returns a team's usage of some days by the run or model that its records name, or by one of them (p_value): what is
-- counted, and each pool's p_uncounted next entries.
CREATE OR REPLACE FUNCTION usage_parts_of_days(
  p_team uuid, p_name text, p_value text, p_from date, p_to date, p_uncounted bigint
) RETURNS TABLE (
  pool_id uuid, day date, meter_no integer, value text,
  records bigint, quantity bigint, allowance_quantity bigint, included_nanos bigint, credits_nanos bigint
)
  LANGUAGE sql STABLE AS $$
  SELECT u.pool_id, u.day, u.meter_no, u.value, u.records, u.quantity, u.allowance_quantity, u.included_nanos, u.credits_nanos
  FROM usage_parts u
  WHERE u.team_id = p_team AND u.name = p_name AND u.day BETWEEN p_from AND p_to AND (p_value IS NULL OR u.value = p_value)
  UNION ALL
  SELECT p.id, f.day, f.meter_no, f.value, f.records, f.quantity, f.allowance_quantity, f.included_nanos, f.credits_nanos
  FROM (
    SELECT p.id, p.no, p.last_seq, coalesce(c.seq, 0) AS seq
    FROM pools p LEFT JOIN usage_parts_counted c ON c.team_id = p.team_id AND c.pool_id = p.id
    WHERE p_name IS NOT NULL AND p.team_id = p_team AND p.last_seq > coalesce(c.seq, 0)
  ) p CROSS JOIN LATERAL usage_parts_of(p_team, p.no, p.seq, least(p.last_seq, p.seq + p_uncounted)) f
  WHERE f.name = p_name AND f.day BETWEEN p_from AND p_to AND (p_value IS NULL OR f.value = p_value)
$$;
