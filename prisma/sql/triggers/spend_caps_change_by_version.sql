-- The cap changes only together with its version.
CREATE TRIGGER spend_caps_change_by_version BEFORE UPDATE ON spend_caps
  FOR EACH ROW
  WHEN (OLD.cap_nanos IS DISTINCT FROM NEW.cap_nanos AND NEW.version <> OLD.version + 1)
  EXECUTE FUNCTION auto_top_up_refuse_silent_change();
