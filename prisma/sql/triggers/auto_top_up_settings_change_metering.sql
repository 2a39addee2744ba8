-- The threshold of auto top-up is the pool's low-balance threshold while it is on, and the amount says which refusals
-- one top-up would let pass. Metering remembers both.
CREATE TRIGGER auto_top_up_settings_change_metering
  AFTER INSERT OR UPDATE OF enabled, threshold_nanos, amount_nanos ON auto_top_up_settings
  FOR EACH ROW EXECUTE FUNCTION team_parts_change_metering();
