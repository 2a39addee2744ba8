-- A key that was made, changed or revoked holds from the next request.
CREATE TRIGGER api_keys_change_metering AFTER INSERT OR UPDATE OR DELETE ON api_keys
  FOR EACH ROW EXECUTE FUNCTION team_parts_change_metering();
