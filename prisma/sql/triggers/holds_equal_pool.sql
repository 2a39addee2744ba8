-- At commit, what a pool holds back equals its open holds.
CREATE CONSTRAINT TRIGGER holds_equal_pool AFTER INSERT OR UPDATE ON holds
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION pools_check_balance();
