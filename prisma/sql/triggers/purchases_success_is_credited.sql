-- At commit, a purchase that succeeded has its credits in the ledger, to the nano.
CREATE CONSTRAINT TRIGGER purchases_success_is_credited AFTER INSERT OR UPDATE ON purchases
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
  WHEN (NEW.status = 'succeeded') EXECUTE FUNCTION purchases_check_credit();
