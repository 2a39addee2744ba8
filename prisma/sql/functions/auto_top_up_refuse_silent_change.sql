-- Refuses a change of the settings or of the spend cap that doesn't count the version up.
CREATE OR REPLACE FUNCTION auto_top_up_refuse_silent_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'a change of % needs its own version', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
