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
