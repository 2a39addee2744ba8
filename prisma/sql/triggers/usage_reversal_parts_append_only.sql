-- Reversals of usage are never changed or deleted.
CREATE TRIGGER usage_reversal_parts_append_only BEFORE UPDATE OR DELETE ON usage_reversal_parts
  FOR EACH ROW EXECUTE FUNCTION usage_reversals_refuse_change();
