-- Returns a pool's usage among its entries after one and up to another, by day, meter, and the run and model that clients
-- name in a record's metadata. A record's first entry has the metadata; the entries of the other grants that paid follow
-- it, even beyond the last one.
CREATE OR REPLACE FUNCTION usage_parts_of(p_team uuid, p_pool_no integer, p_after bigint, p_last bigint)
  RETURNS TABLE (
    day date, meter_no integer, name text, value text,
    records bigint, quantity bigint, allowance_quantity bigint, included_nanos bigint, credits_nanos bigint
  )
  LANGUAGE sql STABLE AS $$
  SELECT (e.occurred_at AT TIME ZONE 'UTC')::date, e.meter_no, part.name, left(part.value, 100),
    count(*), sum_nanos(e.quantity), sum_nanos(coalesce(e.allowance_quantity, 0)),
    sum_nanos(coalesce(paid.included, CASE e.bucket WHEN 'included' THEN -e.amount_nanos ELSE 0 END)),
    sum_nanos(coalesce(paid.credits, CASE e.bucket WHEN 'credits' THEN -e.amount_nanos ELSE 0 END))
  FROM entries e
  CROSS JOIN LATERAL (VALUES ('run', e.metadata ->> 'run'), ('model', e.metadata ->> 'model')) part (name, value)
  LEFT JOIN LATERAL (
    SELECT -sum_nanos(x.amount_nanos) FILTER (WHERE x.bucket = 'included') AS included,
      -sum_nanos(x.amount_nanos) FILTER (WHERE x.bucket = 'credits') AS credits
    FROM entries x
    WHERE x.team_id = e.team_id AND x.pool_no = e.pool_no AND x.bucket IN ('included', 'credits')
      AND x.seq BETWEEN e.seq AND e.seq + e.pieces - 1
  ) paid ON e.pieces > 1
  WHERE e.team_id = p_team AND e.pool_no = p_pool_no AND e.bucket IN ('included', 'credits')
    AND e.seq > p_after AND e.seq <= p_last
    AND e.usage_key IS NOT NULL AND e.metadata IS NOT NULL AND part.value <> ''
  GROUP BY 1, 2, 3, 4
$$;
