-- Refuses an auto top-up beyond the limits, independently of whoever decided on it: three an hour and ten a day for
-- each pool, and the team's cap. Locks the cap's row, so that two pools can't both take what is left of it.
CREATE OR REPLACE FUNCTION purchases_refuse_runaway() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  most_per_hour CONSTANT integer := 3;
  most_per_day CONSTANT integer := 10;
  cap bigint;
  last_hour integer;
  last_day integer;
BEGIN
  SELECT c.cap_nanos INTO STRICT cap FROM spend_caps c WHERE c.team_id = NEW.team_id FOR UPDATE;
  SELECT count(*), count(*) FILTER (WHERE p.created_at > NEW.created_at - interval '1 hour') INTO last_day, last_hour
    FROM purchases p WHERE p.team_id = NEW.team_id AND p.pool_id = NEW.pool_id AND p.kind = 'auto_top_up'
      AND p.created_at > NEW.created_at - interval '24 hours';
  IF last_hour >= most_per_hour OR last_day >= most_per_day THEN
    RAISE EXCEPTION 'too many auto top-ups of pool %', NEW.pool_id USING ERRCODE = 'check_violation';
  END IF;
  IF auto_top_up_committed(NEW.team_id, NEW.created_at) + NEW.amount_nanos > cap THEN
    RAISE EXCEPTION 'an auto top-up of pool % would exceed the spend cap', NEW.pool_id USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
