-- At commit, no auto top-up adds more at once than the cap allows in a month. Whoever changes an amount and whoever
-- changes the cap meet in the cap's row.
CREATE CONSTRAINT TRIGGER auto_top_up_settings_fit_cap
  AFTER INSERT OR UPDATE OF enabled, amount_nanos ON auto_top_up_settings
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.enabled) EXECUTE FUNCTION auto_top_up_fits_cap();
