-- Reversals of usage are never changed or deleted.
CREATE TRIGGER usage_reversals_append_only BEFORE UPDATE OR DELETE ON usage_reversals
  FOR EACH ROW EXECUTE FUNCTION usage_reversals_refuse_change();
