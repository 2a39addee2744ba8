-- Lets only the functions of the ledger write transfers.
CREATE TRIGGER transfers_by_ledger BEFORE INSERT ON transfers
  FOR EACH STATEMENT
  WHEN (coalesce(current_setting('ledger.writer', true), '') = '') EXECUTE FUNCTION ledger_refuse_writer();
