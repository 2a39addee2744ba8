-- At commit, a pool's totals equal what is left in its grants, less debt.
CREATE CONSTRAINT TRIGGER grants_equal_pool AFTER INSERT OR UPDATE ON grants
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
  WHEN (current_setting('ledger.writer', true) IS DISTINCT FROM 'spend') EXECUTE FUNCTION pools_check_balance();
