-- Refuses to change or delete the history of who changed which setting.
CREATE OR REPLACE FUNCTION auto_top_up_changes_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'what was changed by whom is history' USING ERRCODE = 'restrict_violation';
END $$;
