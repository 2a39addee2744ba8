-- A limit that was made or removed holds from the next request.
CREATE TRIGGER spend_limits_change_metering AFTER INSERT OR DELETE ON spend_limits
  FOR EACH ROW EXECUTE FUNCTION team_parts_change_metering();
