-- Gives a new pool the next number of its team. Locks the team, so that two pools can't take the same one.
CREATE OR REPLACE FUNCTION pools_take_number() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM 1 FROM teams WHERE id = NEW.team_id FOR NO KEY UPDATE;
  SELECT coalesce(max(no), 0) + 1 INTO NEW.no FROM pools WHERE team_id = NEW.team_id;
  RETURN NEW;
END $$;
