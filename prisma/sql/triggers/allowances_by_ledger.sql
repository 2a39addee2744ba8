-- Lets only the functions of the ledger write allowances.
CREATE TRIGGER allowances_by_ledger BEFORE INSERT OR UPDATE OR DELETE ON allowances
  FOR EACH STATEMENT
  WHEN (coalesce(current_setting('ledger.writer', true), '') = '') EXECUTE FUNCTION ledger_refuse_writer();
