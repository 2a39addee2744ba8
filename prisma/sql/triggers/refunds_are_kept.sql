-- Refunds are kept for good.
CREATE TRIGGER refunds_are_kept BEFORE DELETE ON refunds
  FOR EACH ROW EXECUTE FUNCTION clawbacks_refuse_change();
