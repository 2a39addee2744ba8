-- Clawbacks are kept for good.
CREATE TRIGGER clawbacks_no_truncate BEFORE TRUNCATE ON clawbacks
  FOR EACH STATEMENT EXECUTE FUNCTION clawbacks_refuse_change();
