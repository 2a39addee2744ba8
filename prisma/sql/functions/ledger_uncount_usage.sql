-- Takes the cost of reversed usage out of the limits that counted it, in the month for which they did. A limit that was made
-- later began with the usage of the month's days.
CREATE OR REPLACE FUNCTION ledger_uncount_usage(
  p_meter meters, p_written_at timestamptz, p_occurred_at timestamptz, p_amount bigint
) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  ids uuid[];
BEGIN
  SELECT array_agg(counted.id) INTO ids FROM (
    SELECT l.id FROM spend_limits l
    WHERE l.team_id = p_meter.team_id AND spend_limit_counts(l, p_meter) AND l.month = date_trunc('month',
      (CASE WHEN l.created_at > p_written_at THEN p_occurred_at ELSE p_written_at END) AT TIME ZONE 'UTC')::date
    ORDER BY l.id FOR NO KEY UPDATE
  ) counted;
  UPDATE spend_limits l SET spent_nanos = greatest(l.spent_nanos - p_amount, 0)
    WHERE l.team_id = p_meter.team_id AND l.id = ANY (ids);
END $$;
