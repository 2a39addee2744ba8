-- At commit, a payment's refunds and disputes have taken back exactly what they claim, and none waits for a purchase
-- that is credited.
CREATE CONSTRAINT TRIGGER purchases_equal_clawbacks AFTER INSERT OR UPDATE ON purchases
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.status = 'succeeded') EXECUTE FUNCTION clawbacks_check_row();
