-- Lets only the functions of the ledger write holds.
CREATE TRIGGER holds_by_ledger BEFORE INSERT OR UPDATE OR DELETE ON holds
  FOR EACH STATEMENT
  WHEN (coalesce(current_setting('ledger.writer', true), '') = '') EXECUTE FUNCTION ledger_refuse_writer();
