-- At commit, a reversal has given back what its record had taken, and all reversals of a record are at most the record.
CREATE CONSTRAINT TRIGGER usage_reversals_are_posted AFTER INSERT ON usage_reversals
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION usage_reversals_check_entries();
