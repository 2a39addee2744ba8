-- Credits that a hold gives back no longer count against its limits.
CREATE TRIGGER holds_settle_in_limits AFTER UPDATE OF left_nanos ON holds
  FOR EACH ROW WHEN (NEW.limit_ids <> '{}' AND NEW.left_nanos <> OLD.left_nanos) EXECUTE FUNCTION holds_count_in_limits();
