-- A clawback is never changed or deleted.
CREATE TRIGGER clawbacks_append_only BEFORE UPDATE OR DELETE ON clawbacks
  FOR EACH ROW EXECUTE FUNCTION clawbacks_refuse_change();
