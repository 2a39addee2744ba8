-- Daily totals by what clients name in a record's metadata. They are counted after the spend, so that no spend waits for
-- them; lib/usage/README.md says how.
CREATE TABLE usage_parts (
  team_id uuid NOT NULL,
  name text NOT NULL CHECK (name IN ('run', 'model')),
  -- The day of the usage, in UTC.
  day date NOT NULL,
  pool_id uuid NOT NULL,
  meter_no integer NOT NULL,
  -- Empty: the day's names beyond those that are told apart.
  value text COLLATE "C" NOT NULL CHECK (length(value) <= 100),
  records bigint NOT NULL,
  quantity bigint NOT NULL,
  allowance_quantity bigint NOT NULL,
  included_nanos bigint NOT NULL,
  credits_nanos bigint NOT NULL,
  -- The day comes early, because what is read is a range of days of all pools.
  PRIMARY KEY (team_id, name, day, pool_id, meter_no, value),
  FOREIGN KEY (team_id, pool_id) REFERENCES pools (team_id, id),
  FOREIGN KEY (team_id, meter_no) REFERENCES meters (team_id, no)
);

-- Up to which of its entries each pool is counted there.
CREATE TABLE usage_parts_counted (
  team_id uuid NOT NULL,
  pool_id uuid NOT NULL,
  seq bigint NOT NULL,
  PRIMARY KEY (team_id, pool_id),
  FOREIGN KEY (team_id, pool_id) REFERENCES pools (team_id, id)
);

-- Each was made twice under two names.
DROP INDEX meters_of_member_idx;
DROP INDEX usage_days_of_meter_idx;

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

-- Counts a pool's next entries into usage_parts, at most p_most of them, each once however many do it at the same time.
-- Returns whether there are more. A day of a pool has p_most_names runs and as many models at most; those beyond are counted
-- together under the empty name, so that a client that names each record differently fills no table.
CREATE OR REPLACE FUNCTION usage_count_parts(p_team uuid, p_pool uuid, p_most bigint, p_most_names bigint DEFAULT 1000)
  RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
  pool pools;
  counted bigint;
  last bigint;
BEGIN
  INSERT INTO usage_parts_counted (team_id, pool_id, seq) VALUES (p_team, p_pool, 0) ON CONFLICT DO NOTHING;
  SELECT c.seq INTO STRICT counted FROM usage_parts_counted c
    WHERE c.team_id = p_team AND c.pool_id = p_pool FOR NO KEY UPDATE;
  -- Entries are numbered under the pool's lock, so those up to its last one are all there.
  SELECT * INTO STRICT pool FROM pools p WHERE p.team_id = p_team AND p.id = p_pool;
  last := least(pool.last_seq, counted + p_most);

  WITH fresh AS MATERIALIZED (
    SELECT * FROM usage_parts_of(p_team, pool.no, counted, last)
  ), new_names AS (
    SELECT f.day, f.name, f.value, row_number() OVER (PARTITION BY f.day, f.name ORDER BY f.value) + (
        SELECT count(DISTINCT p.value) FROM usage_parts p
        WHERE p.team_id = p_team AND p.name = f.name AND p.day = f.day AND p.pool_id = p_pool
      ) AS place
    FROM (SELECT DISTINCT day, name, value FROM fresh) f
    WHERE NOT EXISTS (
      SELECT FROM usage_parts p
      WHERE p.team_id = p_team AND p.name = f.name AND p.day = f.day AND p.pool_id = p_pool AND p.value = f.value
    )
  )
  INSERT INTO usage_parts AS u (
    team_id, name, day, pool_id, meter_no, value, records, quantity, allowance_quantity, included_nanos, credits_nanos
  )
    SELECT p_team, f.name, f.day, p_pool, f.meter_no, CASE WHEN n.place > p_most_names THEN '' ELSE f.value END,
      sum_nanos(f.records), sum_nanos(f.quantity), sum_nanos(f.allowance_quantity), sum_nanos(f.included_nanos),
      sum_nanos(f.credits_nanos)
    FROM fresh f LEFT JOIN new_names n ON n.day = f.day AND n.name = f.name AND n.value = f.value
    GROUP BY f.name, f.day, f.meter_no, 6
    ON CONFLICT (team_id, name, day, pool_id, meter_no, value) DO UPDATE SET
      records = u.records + excluded.records, quantity = u.quantity + excluded.quantity,
      allowance_quantity = u.allowance_quantity + excluded.allowance_quantity,
      included_nanos = u.included_nanos + excluded.included_nanos,
      credits_nanos = u.credits_nanos + excluded.credits_nanos;

  UPDATE usage_parts_counted c SET seq = last WHERE c.team_id = p_team AND c.pool_id = p_pool;
  RETURN last < pool.last_seq;
END $$;

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

-- Takes reversed usage out of the totals of the run and model that its record names, whether the record is counted there yet
-- or not. One under a name beyond those that are told apart comes out of their sum. The count waits for it, and it for the
-- count, so that the two lock totals one after the other.
CREATE OR REPLACE FUNCTION usage_reversals_uncount_parts() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  counted bigint;
BEGIN
  INSERT INTO usage_parts_counted (team_id, pool_id, seq) VALUES (NEW.team_id, NEW.pool_id, 0) ON CONFLICT DO NOTHING;
  SELECT c.seq INTO STRICT counted FROM usage_parts_counted c
    WHERE c.team_id = NEW.team_id AND c.pool_id = NEW.pool_id FOR NO KEY UPDATE;
  INSERT INTO usage_parts AS u (
    team_id, name, day, pool_id, meter_no, value, records, quantity, allowance_quantity, included_nanos, credits_nanos
  )
    SELECT NEW.team_id, part.name, used.day, NEW.pool_id, NEW.meter_no,
      CASE WHEN used.seq > counted OR EXISTS (
        SELECT FROM usage_parts p WHERE p.team_id = NEW.team_id AND p.name = part.name AND p.day = used.day
          AND p.pool_id = NEW.pool_id AND p.meter_no = NEW.meter_no AND p.value = part.value
      ) THEN part.value ELSE '' END,
      0, -NEW.quantity, -NEW.allowance_quantity, -NEW.included_nanos, -NEW.credits_nanos
    FROM (
      SELECT e.seq, (e.occurred_at AT TIME ZONE 'UTC')::date AS day, e.metadata FROM entries e
      WHERE e.team_id = NEW.team_id AND e.usage_key = NEW.usage_key
    ) used CROSS JOIN LATERAL (
      SELECT n.name, left(used.metadata ->> n.name, 100) AS value FROM (VALUES ('run'), ('model')) n (name)
    ) part
    WHERE part.value <> ''
    ON CONFLICT (team_id, name, day, pool_id, meter_no, value) DO UPDATE SET
      quantity = u.quantity + excluded.quantity, allowance_quantity = u.allowance_quantity + excluded.allowance_quantity,
      included_nanos = u.included_nanos + excluded.included_nanos, credits_nanos = u.credits_nanos + excluded.credits_nanos;
  RETURN NULL;
END $$;

-- Keeps the totals by run and model net of corrections, as the daily totals are.
CREATE TRIGGER usage_reversals_uncount_parts AFTER INSERT ON usage_reversals
  FOR EACH ROW EXECUTE FUNCTION usage_reversals_uncount_parts();
