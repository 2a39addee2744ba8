-- An earlier reading of a refund never overwrites a later one.
CREATE TRIGGER refunds_no_regress BEFORE UPDATE ON refunds
  FOR EACH ROW EXECUTE FUNCTION refunds_refuse_regress();
