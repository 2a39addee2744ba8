-- At commit, a pool's totals equal its last entries.
CREATE CONSTRAINT TRIGGER entries_equal_pool AFTER INSERT ON entries
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.cause_id IS NOT NULL) EXECUTE FUNCTION pools_check_balance();
