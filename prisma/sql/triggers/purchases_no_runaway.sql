-- Auto top-ups stay within their limits, whoever decided on them.
CREATE TRIGGER purchases_no_runaway BEFORE INSERT ON purchases
  FOR EACH ROW WHEN (NEW.kind = 'auto_top_up' AND NEW.status = 'created') EXECUTE FUNCTION purchases_refuse_runaway();
