-- Reversals of usage are never changed or deleted.
CREATE TRIGGER usage_reversals_no_truncate BEFORE TRUNCATE ON usage_reversals
  FOR EACH STATEMENT EXECUTE FUNCTION usage_reversals_refuse_change();
