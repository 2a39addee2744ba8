-- A statement is never changed or deleted.
CREATE TRIGGER statement_usage_no_truncate BEFORE TRUNCATE ON statement_usage
  FOR EACH STATEMENT EXECUTE FUNCTION statements_refuse_change();
