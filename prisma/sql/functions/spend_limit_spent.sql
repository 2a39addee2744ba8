-- Returns the cost, beyond allowances, of the usage of a month's days that counts against a limit (spend_limit_counts).
CREATE OR REPLACE FUNCTION spend_limit_spent(l spend_limits, p_month date) RETURNS bigint LANGUAGE sql STABLE AS $$
  SELECT coalesce(sum(d.included_nanos + d.credits_nanos), 0)::bigint
  FROM (
    SELECT m.no FROM meters m WHERE m.team_id = l.team_id AND l.kind = 'member' AND m.member_id = l.member_id
    UNION ALL SELECT m.no FROM meters m WHERE m.team_id = l.team_id AND l.kind = 'api_key' AND m.api_key_id = l.api_key_id
    UNION ALL SELECT m.no FROM meters m WHERE m.team_id = l.team_id AND l.kind = 'owner' AND spend_limit_counts(l, m)
  ) counted
  JOIN usage_days d ON d.team_id = l.team_id AND d.meter_no = counted.no AND d.day >= p_month
$$;
