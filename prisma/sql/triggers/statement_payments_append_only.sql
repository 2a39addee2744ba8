-- A statement is never changed or deleted.
CREATE TRIGGER statement_payments_append_only BEFORE UPDATE OR DELETE ON statement_payments
  FOR EACH ROW EXECUTE FUNCTION statements_refuse_change();
