-- Lets only the functions of the ledger write what is withheld of a period.
CREATE TRIGGER period_withholdings_by_ledger BEFORE INSERT OR UPDATE OR DELETE ON period_withholdings
  FOR EACH STATEMENT
  WHEN (coalesce(current_setting('ledger.writer', true), '') = '') EXECUTE FUNCTION ledger_refuse_writer();
