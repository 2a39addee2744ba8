-- Only what remains of a grant changes, and only the ledger's functions write.
CREATE TRIGGER grants_guard BEFORE INSERT OR UPDATE ON grants
  FOR EACH ROW WHEN (current_setting('ledger.writer', true) IS DISTINCT FROM 'spend') EXECUTE FUNCTION grants_guard();
