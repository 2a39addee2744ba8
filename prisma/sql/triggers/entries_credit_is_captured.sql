-- At commit, a purchase's credits are those that were captured, and money moves back by a clawback only.
CREATE CONSTRAINT TRIGGER entries_credit_is_captured AFTER INSERT ON entries
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
  WHEN (NEW.cause_id IS NOT NULL) EXECUTE FUNCTION entries_check_purchase();
