-- At commit, each version of the cap has a change that says who made it.
CREATE CONSTRAINT TRIGGER spend_caps_are_audited AFTER UPDATE ON spend_caps
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION auto_top_up_check_change();
