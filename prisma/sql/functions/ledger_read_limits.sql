-- Returns limits with what was spent of them in the month of p_now: as it is now or, locked, as it stays until the
-- transaction ends. A lock comes after those of the pools. A limit that was just made begins with the cost of the usage of
-- the month's days. Nothing may be spent of one that wasn't looked at this month (stop_nanos).
CREATE OR REPLACE FUNCTION ledger_read_limits(p_team uuid, p_ids uuid[], p_now timestamptz, p_lock boolean)
RETURNS TABLE (
  id uuid, kind text, amount_nanos bigint, is_hard boolean, spent_nanos bigint, held_nanos bigint, told_percent smallint,
  stop_nanos bigint
) LANGUAGE plpgsql AS $$
DECLARE
  this_month date := date_trunc('month', p_now AT TIME ZONE 'UTC')::date;
BEGIN
  IF p_lock THEN
    PERFORM 1 FROM spend_limits l WHERE l.team_id = p_team AND l.id = ANY (p_ids) ORDER BY l.id FOR NO KEY UPDATE;
    UPDATE spend_limits l SET month = this_month, told_percent = 0, stop_nanos = spend_limit_stop(l.amount_nanos, l.is_hard, 0::smallint),
        spent_nanos = CASE WHEN l.month IS NULL THEN spend_limit_spent(l, this_month) ELSE 0 END
      WHERE l.team_id = p_team AND l.id = ANY (p_ids) AND (l.month IS NULL OR l.month < this_month);
  END IF;
  RETURN QUERY SELECT l.id, l.kind, l.amount_nanos, l.is_hard,
      CASE WHEN l.month IS NULL THEN spend_limit_spent(l, this_month) WHEN l.month < this_month THEN 0 ELSE l.spent_nanos END,
      l.held_nanos, CASE WHEN l.month >= this_month THEN l.told_percent ELSE 0::smallint END,
      CASE WHEN l.month >= this_month THEN l.stop_nanos ELSE -1 END
    FROM spend_limits l WHERE l.team_id = p_team AND l.id = ANY (p_ids);
END $$;
