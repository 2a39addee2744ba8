-- Refuses a clawback that has no entry in the pool of its purchase, to the nano.
CREATE OR REPLACE FUNCTION clawbacks_check_entry() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM entries e WHERE e.team_id = NEW.team_id AND e.cause_id = NEW.id AND clawbacks_match(NEW, e)) THEN
    RAISE EXCEPTION 'clawback % has not moved its credits', NEW.id USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NULL;
END $$;
