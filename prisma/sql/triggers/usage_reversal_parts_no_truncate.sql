-- Reversals of usage are never changed or deleted.
CREATE TRIGGER usage_reversal_parts_no_truncate BEFORE TRUNCATE ON usage_reversal_parts
  FOR EACH STATEMENT EXECUTE FUNCTION usage_reversals_refuse_change();
