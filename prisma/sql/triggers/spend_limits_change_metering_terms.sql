-- A limit's new amount holds from the next request.
CREATE TRIGGER spend_limits_change_metering_terms AFTER UPDATE OF amount_nanos, is_hard ON spend_limits
  FOR EACH ROW WHEN ((OLD.amount_nanos, OLD.is_hard) IS DISTINCT FROM (NEW.amount_nanos, NEW.is_hard))
  EXECUTE FUNCTION team_parts_change_metering();
