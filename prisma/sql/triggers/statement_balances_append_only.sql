-- A statement is never changed or deleted.
CREATE TRIGGER statement_balances_append_only BEFORE UPDATE OR DELETE ON statement_balances
  FOR EACH ROW EXECUTE FUNCTION statements_refuse_change();
