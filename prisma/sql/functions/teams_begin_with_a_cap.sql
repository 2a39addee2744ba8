-- Gives a new team the default spend cap.
CREATE OR REPLACE FUNCTION teams_begin_with_a_cap() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO spend_caps (team_id) VALUES (NEW.id);
  RETURN NULL;
END $$;
