-- A kind moves the bucket it belongs to, in its direction, and only the ledger's functions write.
CREATE TRIGGER entries_guard BEFORE INSERT ON entries
  FOR EACH ROW
  WHEN (current_setting('ledger.writer', true) IS DISTINCT FROM 'spend') EXECUTE FUNCTION entries_guard();
