-- The same as usage_totals by the run or model (p_name) that records name. Usage that names none is the rest of the daily
-- totals. Thousands of names may be, so they are ranked by their cost alone, and then each but the largest is read as one
-- of the others.
CREATE OR REPLACE FUNCTION usage_totals_by_name(
  p_team uuid, p_meters integer[], p_pool uuid, p_since date, p_from date, p_to date, p_interval text, p_name text,
  p_most integer, p_uncounted bigint
) RETURNS TABLE (
  is_now boolean, bucket date, consumable text, place integer, is_none boolean, key text,
  records bigint, quantity bigint, allowance_quantity bigint, included_nanos bigint, credits_nanos bigint
)
  LANGUAGE sql STABLE
  SET enable_sort = off SET enable_nestloop = off SET enable_mergejoin = off SET work_mem = '32MB' SET jit = off AS $$
  WITH chosen AS MATERIALIZED (
    SELECT m.no, m.consumable, min(m.no) OVER (PARTITION BY m.consumable) AS consumable_no
    FROM meters m WHERE m.team_id = p_team AND m.no = ANY (p_meters)
  ), parts AS MATERIALIZED (
    SELECT u.day, c.consumable_no, u.value, u.records, u.quantity, u.allowance_quantity, u.included_nanos, u.credits_nanos
    FROM usage_parts_of_days(p_team, p_name, NULL, p_from, p_to, p_uncounted) u JOIN chosen c ON c.no = u.meter_no
    WHERE p_pool IS NULL OR u.pool_id = p_pool
  ), days AS MATERIALIZED (
    SELECT d.day, c.consumable_no, sum_nanos(d.records) AS records, sum_nanos(d.quantity) AS quantity,
      sum_nanos(d.allowance_quantity) AS allowance_quantity, sum_nanos(d.included_nanos) AS included_nanos,
      sum_nanos(d.credits_nanos) AS credits_nanos
    FROM usage_days d JOIN chosen c ON c.no = d.meter_no
    WHERE d.team_id = p_team AND d.day BETWEEN p_since AND p_to AND (p_pool IS NULL OR d.pool_id = p_pool)
    GROUP BY d.day, c.consumable_no
  ), costs AS MATERIALIZED (
    SELECT p.value, sum_nanos(p.included_nanos + p.credits_nanos) AS cost_nanos, sum_nanos(p.records) AS records
    FROM parts p GROUP BY p.value
  ), largest AS MATERIALIZED (
    SELECT l.value, l.is_none, row_number() OVER ()::integer AS place FROM (
      SELECT c.value COLLATE "C" AS value, false AS is_none, c.cost_nanos, c.records FROM costs c
      UNION ALL
      SELECT '', true, d.cost_nanos - n.cost_nanos, d.records - n.records
      FROM (
        SELECT sum_nanos(d.included_nanos + d.credits_nanos) AS cost_nanos, sum_nanos(d.records) AS records
        FROM days d WHERE d.day >= p_from
      ) d, (SELECT sum_nanos(c.cost_nanos) AS cost_nanos, sum_nanos(c.records) AS records FROM costs c) n
      WHERE d.records > 0
      ORDER BY cost_nanos DESC, records DESC, value LIMIT p_most
    ) l
  ), none AS MATERIALIZED (
    SELECT coalesce((SELECT l.place FROM largest l WHERE l.is_none), p_most + 1) AS place
  ), named AS MATERIALIZED (
    SELECT p.day, p.consumable_no, coalesce(l.place, p_most + 1) AS place, sum_nanos(p.records) AS records,
      sum_nanos(p.quantity) AS quantity, sum_nanos(p.allowance_quantity) AS allowance_quantity,
      sum_nanos(p.included_nanos) AS included_nanos, sum_nanos(p.credits_nanos) AS credits_nanos
    FROM parts p LEFT JOIN (SELECT l.value, l.place FROM largest l WHERE NOT l.is_none) l ON l.value = p.value
    GROUP BY p.day, p.consumable_no, coalesce(l.place, p_most + 1)
  )
  SELECT true, s.bucket, c.consumable, s.place, coalesce(l.is_none, false), CASE WHEN NOT l.is_none THEN l.value END,
    s.records, s.quantity, s.allowance_quantity, s.included_nanos, s.credits_nanos
  FROM (
    SELECT a.bucket, a.consumable_no, a.place, sum_nanos(a.records) AS records, sum_nanos(a.quantity) AS quantity,
      sum_nanos(a.allowance_quantity) AS allowance_quantity, sum_nanos(a.included_nanos) AS included_nanos,
      sum_nanos(a.credits_nanos) AS credits_nanos
    FROM (
      SELECT CASE p_interval WHEN 'day' THEN b.day ELSE date_trunc(p_interval, b.day::timestamp)::date END AS bucket, b.*
      FROM (
        SELECT n.* FROM named n
        UNION ALL SELECT d.day, d.consumable_no, o.place, d.records, d.quantity, d.allowance_quantity, d.included_nanos,
          d.credits_nanos FROM days d, none o WHERE d.day >= p_from
        UNION ALL SELECT n.day, n.consumable_no, o.place, -n.records, -n.quantity, -n.allowance_quantity, -n.included_nanos,
          -n.credits_nanos FROM named n, none o
      ) b
    ) a
    GROUP BY GROUPING SETS ((a.bucket, a.place), (a.consumable_no, a.place))
  ) s
  LEFT JOIN largest l ON l.place = s.place
  LEFT JOIN chosen c ON c.no = s.consumable_no
  UNION ALL
  SELECT false, NULL, NULL, 0, false, NULL, sum_nanos(d.records), sum_nanos(d.quantity), sum_nanos(d.allowance_quantity),
    sum_nanos(d.included_nanos), sum_nanos(d.credits_nanos)
  FROM days d WHERE d.day < p_from
$$;
