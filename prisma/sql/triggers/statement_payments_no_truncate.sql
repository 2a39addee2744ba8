-- A statement is never changed or deleted.
CREATE TRIGGER statement_payments_no_truncate BEFORE TRUNCATE ON statement_payments
  FOR EACH STATEMENT EXECUTE FUNCTION statements_refuse_change();
