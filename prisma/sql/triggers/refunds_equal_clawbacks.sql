-- At commit, a payment's refunds and disputes have taken back exactly what they claim.
CREATE CONSTRAINT TRIGGER refunds_equal_clawbacks AFTER INSERT OR UPDATE ON refunds
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION clawbacks_check_row();
