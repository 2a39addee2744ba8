-- Settings that a person chooses change only together with their version.
CREATE TRIGGER auto_top_up_settings_change_by_version BEFORE UPDATE ON auto_top_up_settings
  FOR EACH ROW WHEN ((OLD.enabled, OLD.threshold_nanos, OLD.amount_nanos, OLD.allowed_by_member_id)
    IS DISTINCT FROM (NEW.enabled, NEW.threshold_nanos, NEW.amount_nanos, NEW.allowed_by_member_id)
    AND NEW.version <> OLD.version + 1) EXECUTE FUNCTION auto_top_up_refuse_silent_change();
