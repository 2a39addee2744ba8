-- Purchases are kept for good.
CREATE TRIGGER purchases_are_kept BEFORE DELETE ON purchases
  FOR EACH ROW EXECUTE FUNCTION purchases_refuse_delete();
