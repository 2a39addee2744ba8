-- Refuses an auto top-up that adds more at once than the team's cap allows in a month, because it would wait for
-- ever. A cap of zero is the team's switch for all of its auto top-ups, so pools may have theirs on meanwhile.
CREATE OR REPLACE FUNCTION auto_top_up_fits_cap() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  -- Whoever changes the cap and whoever changes an amount meet in this row.
  PERFORM 1 FROM spend_caps c WHERE c.team_id = NEW.team_id FOR UPDATE;
  IF EXISTS (
    SELECT 1 FROM spend_caps c JOIN auto_top_up_settings s ON s.team_id = c.team_id
    WHERE c.team_id = NEW.team_id AND c.cap_nanos > 0 AND s.enabled AND s.amount_nanos > c.cap_nanos
  ) THEN
    RAISE EXCEPTION 'an auto top-up of team % adds more than the spend cap', NEW.team_id USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
