-- Usage by group and by name is read once, and compared in one total.
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
