-- Disputes are kept for good.
CREATE TRIGGER disputes_no_truncate BEFORE TRUNCATE ON disputes
  FOR EACH STATEMENT EXECUTE FUNCTION clawbacks_refuse_change();
