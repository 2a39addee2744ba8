-- Credits that a new hold sets aside count against its limits.
CREATE TRIGGER holds_open_in_limits AFTER INSERT ON holds
  FOR EACH ROW WHEN (NEW.limit_ids <> '{}') EXECUTE FUNCTION holds_count_in_limits();
