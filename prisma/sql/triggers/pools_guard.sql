-- A pool stays whose it is, and only the ledger's functions write.
CREATE TRIGGER pools_guard BEFORE UPDATE ON pools
  FOR EACH ROW WHEN (current_setting('ledger.writer', true) IS DISTINCT FROM 'spend') EXECUTE FUNCTION pools_guard();
