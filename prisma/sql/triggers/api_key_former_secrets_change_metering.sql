-- A secret that was replaced, or ends earlier, does so from the next request.
CREATE TRIGGER api_key_former_secrets_change_metering AFTER INSERT OR UPDATE OR DELETE ON api_key_former_secrets
  FOR EACH ROW EXECUTE FUNCTION team_parts_change_metering();
