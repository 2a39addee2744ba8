-- Metering remembers a team's pools.
CREATE TRIGGER pools_change_metering AFTER INSERT OR DELETE ON pools
  FOR EACH ROW EXECUTE FUNCTION team_parts_change_metering();
