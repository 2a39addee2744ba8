-- A member who joined, changed or was removed counts from the next request.
CREATE TRIGGER members_change_metering AFTER INSERT OR UPDATE OR DELETE ON members
  FOR EACH ROW EXECUTE FUNCTION team_parts_change_metering();
