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
