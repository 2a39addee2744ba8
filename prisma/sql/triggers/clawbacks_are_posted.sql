-- At commit, each clawback has moved its credits.
CREATE CONSTRAINT TRIGGER clawbacks_are_posted AFTER INSERT ON clawbacks
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION clawbacks_check_entry();
