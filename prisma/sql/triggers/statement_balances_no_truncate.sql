-- A statement is never changed or deleted.
CREATE TRIGGER statement_balances_no_truncate BEFORE TRUNCATE ON statement_balances
  FOR EACH STATEMENT EXECUTE FUNCTION statements_refuse_change();
