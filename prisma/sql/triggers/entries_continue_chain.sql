-- Entries are numbered without a gap, and each balance is the one before plus the amount. A spend, whose entries have
-- no cause, sees to that itself.
CREATE TRIGGER entries_continue_chain AFTER INSERT ON entries
  FOR EACH ROW WHEN (NEW.cause_id IS NOT NULL) EXECUTE FUNCTION entries_check_chain();
