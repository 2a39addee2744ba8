-- Lets only the functions of the ledger write daily totals.
CREATE TRIGGER usage_days_by_ledger BEFORE INSERT OR UPDATE OR DELETE ON usage_days
  FOR EACH STATEMENT
  WHEN (coalesce(current_setting('ledger.writer', true), '') = '') EXECUTE FUNCTION ledger_refuse_writer();
