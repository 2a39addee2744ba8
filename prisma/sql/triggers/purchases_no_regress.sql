-- A settled purchase stays settled, and what was asked never changes.
CREATE TRIGGER purchases_no_regress BEFORE UPDATE ON purchases
  FOR EACH ROW EXECUTE FUNCTION purchases_refuse_regress();
