-- At commit, a pool's totals equal its entries, its grants less debt, and its open holds. A spend sees to that
-- itself.
CREATE CONSTRAINT TRIGGER pools_equal_grants AFTER UPDATE ON pools
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
  WHEN (current_setting('ledger.writer', true) IS DISTINCT FROM 'spend') EXECUTE FUNCTION pools_check_balance();
