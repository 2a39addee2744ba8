-- Metering remembers whether the cap has stopped a pool's auto top-up.
CREATE TRIGGER auto_top_up_decisions_change_metering AFTER INSERT ON auto_top_up_decisions
  FOR EACH ROW EXECUTE FUNCTION team_parts_change_metering();
