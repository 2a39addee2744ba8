-- Refuses a version of the settings or of the spend cap for which no change says who made it.
CREATE OR REPLACE FUNCTION auto_top_up_check_change() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  changed jsonb := to_jsonb(NEW);
BEGIN
  IF NOT EXISTS (
    SELECT 1 FROM auto_top_up_changes c
    WHERE c.team_id = NEW.team_id AND c.pool_id IS NOT DISTINCT FROM (changed ->> 'pool_id')::uuid AND c.version = NEW.version
  ) THEN
    RAISE EXCEPTION 'version % of % has nobody who made it', NEW.version, TG_TABLE_NAME
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NULL;
END $$;
