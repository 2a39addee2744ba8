-- Sums a team's usage of some meters from one day to another, and of the days since an earlier one, by group: in rows by
-- bucket of the days, and in rows by consumable, of which each has the other null. Groups beyond the p_most largest are
-- one, with the place p_most + 1. Grouped by run or model (p_name), or narrowed to one (p_value), it reads the totals by
-- name and those of a pool's p_uncounted next entries; usage that names none is the rest of the daily totals.
-- A year has tens of thousands of daily totals. They are hashed, because the planner would guess a few and sort or loop.
CREATE OR REPLACE FUNCTION usage_totals(
  p_team uuid, p_meters integer[], p_pool uuid, p_since date, p_from date, p_to date, p_interval text, p_group text,
  p_most integer, p_name text, p_value text, p_uncounted bigint
) RETURNS TABLE (
  is_now boolean, bucket date, consumable text, place integer, is_none boolean, key text,
  records bigint, quantity bigint, allowance_quantity bigint, included_nanos bigint, credits_nanos bigint
)
  LANGUAGE sql STABLE
  SET enable_sort = off SET enable_nestloop = off SET enable_mergejoin = off SET work_mem = '32MB' SET jit = off AS $$
  -- A term stands for the meters that are read as one, because a number is grouped faster than two texts.
  WITH chosen AS MATERIALIZED (
    SELECT m.no, m.consumable, m.key, min(m.no) OVER (PARTITION BY m.consumable, m.key) AS term
    FROM (
      SELECT m.no, m.consumable, CASE p_group
          WHEN 'consumable' THEN m.consumable WHEN 'member' THEN m.member_id::text WHEN 'api_key' THEN m.api_key_id::text
          WHEN 'trigger' THEN m.trigger
        END AS key
      FROM meters m WHERE m.team_id = p_team AND m.no = ANY (p_meters)
    ) m
  ), parts AS (
    SELECT u.pool_id, u.day, u.meter_no, u.value, u.records, u.quantity, u.allowance_quantity, u.included_nanos, u.credits_nanos
    FROM usage_parts u
    WHERE u.team_id = p_team AND u.name = p_name AND u.day BETWEEN p_since AND p_to
      AND (p_value IS NULL OR u.value = p_value)
    UNION ALL
    SELECT p.id, f.day, f.meter_no, f.value, f.records, f.quantity, f.allowance_quantity, f.included_nanos, f.credits_nanos
    FROM (
      SELECT p.id, p.no, p.last_seq, coalesce(c.seq, 0) AS seq
      FROM pools p LEFT JOIN usage_parts_counted c ON c.team_id = p.team_id AND c.pool_id = p.id
      WHERE p_name IS NOT NULL AND p.team_id = p_team AND p.last_seq > coalesce(c.seq, 0)
    ) p CROSS JOIN LATERAL usage_parts_of(p_team, p.no, p.seq, least(p.last_seq, p.seq + p_uncounted)) f
    WHERE f.name = p_name AND f.day BETWEEN p_since AND p_to AND (p_value IS NULL OR f.value = p_value)
  ), by_name AS MATERIALIZED (
    SELECT d.day, c.term, d.value,
      sum_nanos(d.records) AS records, sum_nanos(d.quantity) AS quantity, sum_nanos(d.allowance_quantity) AS allowance_quantity,
      sum_nanos(d.included_nanos) AS included_nanos, sum_nanos(d.credits_nanos) AS credits_nanos
    FROM parts d JOIN chosen c ON c.no = d.meter_no
    WHERE p_pool IS NULL OR d.pool_id = p_pool
    GROUP BY d.day, c.term, d.value
  ), by_day AS (
    SELECT d.day, c.term,
      sum_nanos(d.records) AS records, sum_nanos(d.quantity) AS quantity, sum_nanos(d.allowance_quantity) AS allowance_quantity,
      sum_nanos(d.included_nanos) AS included_nanos, sum_nanos(d.credits_nanos) AS credits_nanos
    FROM usage_days d JOIN chosen c ON c.no = d.meter_no
    WHERE d.team_id = p_team AND d.day BETWEEN p_since AND p_to AND (p_pool IS NULL OR d.pool_id = p_pool) AND p_value IS NULL
    GROUP BY d.day, c.term
  ), counted AS MATERIALIZED (
    -- A null joins nothing, so a group that is none has the empty key.
    SELECT a.day >= p_from AS is_now,
      CASE WHEN a.day >= p_from THEN CASE p_interval WHEN 'day' THEN a.day ELSE date_trunc(p_interval, a.day::timestamp)::date END END
        AS bucket,
      coalesce(a.value, c.key) IS NULL AS is_none, coalesce(a.value, c.key, '') AS key, c.consumable,
      a.records, a.quantity, a.allowance_quantity, a.included_nanos, a.credits_nanos
    FROM (
      SELECT b.day, b.term, CASE p_group WHEN p_name THEN b.value END AS value,
        b.records, b.quantity, b.allowance_quantity, b.included_nanos, b.credits_nanos
      FROM by_name b
      UNION ALL SELECT b.day, b.term, NULL, -sum_nanos(b.records), -sum_nanos(b.quantity), -sum_nanos(b.allowance_quantity),
        -sum_nanos(b.included_nanos), -sum_nanos(b.credits_nanos)
      FROM by_name b WHERE p_value IS NULL GROUP BY b.day, b.term
      UNION ALL SELECT d.day, d.term, NULL, d.records, d.quantity, d.allowance_quantity, d.included_nanos, d.credits_nanos
      FROM by_day d
    ) a JOIN chosen c ON c.no = a.term
  ), ranked AS (
    SELECT c.is_none, c.key, least(p_most + 1, row_number() OVER (
        ORDER BY sum_nanos(c.included_nanos + c.credits_nanos) FILTER (WHERE c.is_now) DESC NULLS LAST,
          sum_nanos(c.records) FILTER (WHERE c.is_now) DESC NULLS LAST, c.key, c.is_none
      ))::integer AS place
    FROM counted c GROUP BY c.is_none, c.key
  ), named AS (
    SELECT r.is_none, r.key, r.place, r.place <= p_most AND r.is_none AS shows_none,
      CASE WHEN r.place <= p_most THEN r.key END AS shows
    FROM ranked r
  )
  SELECT c.is_now, c.bucket, c.consumable, n.place, n.shows_none, n.shows,
    sum_nanos(c.records), sum_nanos(c.quantity), sum_nanos(c.allowance_quantity), sum_nanos(c.included_nanos),
    sum_nanos(c.credits_nanos)
  FROM counted c JOIN named n ON n.is_none = c.is_none AND n.key = c.key
  GROUP BY GROUPING SETS ((c.is_now, c.bucket, n.place, n.shows_none, n.shows), (c.is_now, c.consumable, n.place, n.shows_none, n.shows))
$$;
