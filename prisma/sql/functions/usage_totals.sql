-- Sums a team's usage of some meters from one day to another by group: in rows by bucket of the days, and in rows by
-- consumable, of which each has the other null. Groups beyond the p_most largest are one, with the place p_most + 1. One
-- more row, which isn't now, sums the days since an earlier one. Narrowed to a run or model (p_name and p_value), it reads the
-- totals by name.
-- A year has tens of thousands of daily totals. Each is read once, and only their sums are ranked. They are hashed,
-- because the planner would guess a few and sort or loop.
CREATE OR REPLACE FUNCTION usage_totals(
  p_team uuid, p_meters integer[], p_pool uuid, p_since date, p_from date, p_to date, p_interval text, p_group text,
  p_most integer, p_name text, p_value text, p_uncounted bigint
) RETURNS TABLE (
  is_now boolean, bucket date, consumable text, place integer, is_none boolean, key text,
  records bigint, quantity bigint, allowance_quantity bigint, included_nanos bigint, credits_nanos bigint
)
  LANGUAGE sql STABLE
  SET enable_sort = off SET enable_nestloop = off SET enable_mergejoin = off SET work_mem = '32MB' SET jit = off AS $$
  -- Meters of one consumable or one key share a number, which is grouped faster than a text.
  WITH chosen AS MATERIALIZED (
    SELECT m.no, m.consumable, m.key, min(m.no) OVER (PARTITION BY m.key) AS key_no,
      min(m.no) OVER (PARTITION BY m.consumable) AS consumable_no
    FROM (
      SELECT m.no, m.consumable, CASE p_group
          WHEN 'consumable' THEN m.consumable WHEN 'member' THEN m.member_id::text WHEN 'api_key' THEN m.api_key_id::text
          WHEN 'trigger' THEN m.trigger WHEN p_name THEN p_value
        END AS key
      FROM meters m WHERE m.team_id = p_team AND m.no = ANY (p_meters)
    ) m
  ), used AS NOT MATERIALIZED (
    SELECT d.day, c.consumable_no, c.key_no, d.records, d.quantity, d.allowance_quantity, d.included_nanos, d.credits_nanos
    FROM usage_days d JOIN chosen c ON c.no = d.meter_no
    WHERE p_name IS NULL AND d.team_id = p_team AND d.day BETWEEN p_since AND p_to AND (p_pool IS NULL OR d.pool_id = p_pool)
    UNION ALL
    SELECT u.day, c.consumable_no, c.key_no, u.records, u.quantity, u.allowance_quantity, u.included_nanos, u.credits_nanos
    FROM usage_parts_of_days(p_team, p_name, p_value, p_since, p_to, p_uncounted) u JOIN chosen c ON c.no = u.meter_no
    WHERE p_name IS NOT NULL AND (p_pool IS NULL OR u.pool_id = p_pool)
  ), sums AS MATERIALIZED (
    SELECT u.bucket, u.consumable_no, u.key_no, sum_nanos(u.records) AS records, sum_nanos(u.quantity) AS quantity,
      sum_nanos(u.allowance_quantity) AS allowance_quantity, sum_nanos(u.included_nanos) AS included_nanos,
      sum_nanos(u.credits_nanos) AS credits_nanos
    FROM (
      SELECT CASE p_interval WHEN 'day' THEN u.day ELSE date_trunc(p_interval, u.day::timestamp)::date END AS bucket, u.*
      FROM used u WHERE u.day >= p_from
    ) u
    GROUP BY GROUPING SETS ((u.bucket, u.key_no), (u.consumable_no, u.key_no))
  ), ranked AS MATERIALIZED (
    SELECT s.key_no, least(p_most + 1, row_number() OVER (
        ORDER BY sum_nanos(s.included_nanos + s.credits_nanos) DESC, sum_nanos(s.records) DESC, s.key_no
      ))::integer AS place
    FROM sums s WHERE s.consumable_no IS NOT NULL GROUP BY s.key_no
  ), named AS MATERIALIZED (
    SELECT r.key_no, r.place, CASE WHEN r.place <= p_most THEN c.key END AS key, r.place <= p_most AND c.key IS NULL AS is_none
    FROM ranked r JOIN chosen c ON c.no = r.key_no
  )
  SELECT true, s.bucket, c.consumable, n.place, n.is_none, n.key, sum_nanos(s.records), sum_nanos(s.quantity),
    sum_nanos(s.allowance_quantity), sum_nanos(s.included_nanos), sum_nanos(s.credits_nanos)
  FROM sums s JOIN named n ON n.key_no = s.key_no LEFT JOIN chosen c ON c.no = s.consumable_no
  GROUP BY s.bucket, c.consumable, n.place, n.is_none, n.key
  UNION ALL
  SELECT false, NULL, NULL, 0, false, NULL, sum_nanos(u.records), sum_nanos(u.quantity), sum_nanos(u.allowance_quantity),
    sum_nanos(u.included_nanos), sum_nanos(u.credits_nanos)
  FROM used u WHERE u.day < p_from
$$;
