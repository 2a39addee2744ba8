-- Notes on a new hold the limits that it counts against, so that what it gives back later leaves the same ones.
CREATE OR REPLACE FUNCTION holds_name_limits() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.limit_ids := ARRAY(
    SELECT l.id FROM spend_limits l JOIN meters m ON m.team_id = NEW.team_id AND m.no = NEW.meter_no
    WHERE l.team_id = NEW.team_id AND spend_limit_counts(l, m) ORDER BY l.id);
  RETURN NEW;
END $$;
