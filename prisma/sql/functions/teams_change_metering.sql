-- Counts up the team's metering version. A spend names the version it was planned with, so that a revoked key, a
-- removed member or another plan holds from the next request.
CREATE OR REPLACE FUNCTION teams_change_metering() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.metering_version := OLD.metering_version + 1;
  RETURN NEW;
END $$;
