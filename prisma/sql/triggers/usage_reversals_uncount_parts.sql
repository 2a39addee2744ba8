-- Keeps the totals by run and model net of corrections, as the daily totals are.
CREATE TRIGGER usage_reversals_uncount_parts AFTER INSERT ON usage_reversals
  FOR EACH ROW EXECUTE FUNCTION usage_reversals_uncount_parts();
