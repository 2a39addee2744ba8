-- Returns what auto top-ups have charged in the UTC month of p_at, plus what is under way, in nanos. A top-up counts
-- in the month in which it began and in the month in which it was paid.
-- A refund of a top-up frees the cap of the month in which the top-up counts, and takes it again if the refund fails. A
-- dispute frees nothing, won or lost: a bank's decision about one charge is no leave to make another.
CREATE OR REPLACE FUNCTION auto_top_up_committed(p_team uuid, p_at timestamptz) RETURNS bigint LANGUAGE sql STABLE AS $$
  SELECT coalesce(sum(CASE WHEN p.status <> 'succeeded' THEN p.amount_nanos ELSE greatest(0, p.captured_nanos - coalesce((
    SELECT sum(r.amount_nanos) FROM refunds r
    WHERE r.team_id = p_team AND r.purchase_id = p.id AND r.status NOT IN ('failed', 'canceled')
  ), 0)) END), 0)::bigint
  FROM purchases p
  WHERE p.team_id = p_team AND p.kind = 'auto_top_up' AND (
    p.status IN ('created', 'open', 'processing')
    OR (p.status = 'succeeded' AND greatest(p.created_at, p.settled_at) >= date_trunc('month', p_at, 'UTC'))
  )
$$;
