-- Counts up the metering version of the team that a changed row belongs to, so that what a process remembers of the
-- team no longer counts.
CREATE OR REPLACE FUNCTION team_parts_change_metering() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE teams SET metering_version = metering_version + 1 WHERE id = coalesce(NEW.team_id, OLD.team_id);
  RETURN NULL;
END $$;
