-- At commit, a payment's refunds and disputes have taken back exactly what they claim.
CREATE CONSTRAINT TRIGGER clawbacks_equal_claims AFTER INSERT ON clawbacks
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION clawbacks_check_row();
