-- At commit, the cap allows what each auto top-up adds at once, or nothing at all.
CREATE CONSTRAINT TRIGGER spend_caps_fit_amounts AFTER UPDATE OF cap_nanos ON spend_caps
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION auto_top_up_fits_cap();
