-- Disputes are kept for good.
CREATE TRIGGER disputes_are_kept BEFORE DELETE ON disputes
  FOR EACH ROW EXECUTE FUNCTION clawbacks_refuse_change();
