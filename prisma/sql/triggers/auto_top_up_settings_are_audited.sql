-- At commit, each version of the settings has a change that says who made it.
CREATE CONSTRAINT TRIGGER auto_top_up_settings_are_audited AFTER INSERT OR UPDATE ON auto_top_up_settings
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION auto_top_up_check_change();
