-- Returns the cost, beyond allowances, of the usage of a month's days that counts against a limit.
CREATE OR REPLACE FUNCTION spend_limit_spent(l spend_limits, p_month date) RETURNS bigint LANGUAGE sql STABLE AS $$
  SELECT coalesce(sum(d.included_nanos + d.credits_nanos), 0)::bigint
  FROM usage_days d JOIN meters m ON m.team_id = d.team_id AND m.no = d.meter_no
  WHERE d.team_id = l.team_id AND d.day >= p_month AND spend_limit_counts(l, m)
$$;
