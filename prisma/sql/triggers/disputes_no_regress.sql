-- An earlier reading of a dispute never overwrites a later one.
CREATE TRIGGER disputes_no_regress BEFORE UPDATE ON disputes
  FOR EACH ROW EXECUTE FUNCTION disputes_refuse_regress();
