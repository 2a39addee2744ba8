-- A statement is never changed or deleted.
CREATE TRIGGER statement_usage_append_only BEFORE UPDATE OR DELETE ON statement_usage
  FOR EACH ROW EXECUTE FUNCTION statements_refuse_change();
