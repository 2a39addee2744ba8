-- Lets only the functions of the ledger write changes of a pool's plan.
CREATE TRIGGER plan_changes_by_ledger BEFORE INSERT OR UPDATE OR DELETE ON plan_changes
  FOR EACH STATEMENT
  WHEN (coalesce(current_setting('ledger.writer', true), '') = '') EXECUTE FUNCTION ledger_refuse_writer();
