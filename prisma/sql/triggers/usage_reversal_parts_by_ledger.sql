-- Lets only the functions of the ledger write what a reversal of usage gave back.
CREATE TRIGGER usage_reversal_parts_by_ledger BEFORE INSERT ON usage_reversal_parts
  FOR EACH STATEMENT
  WHEN (coalesce(current_setting('ledger.writer', true), '') = '') EXECUTE FUNCTION ledger_refuse_writer();
