-- A purchase's total follows its clawbacks.
CREATE TRIGGER clawbacks_count AFTER INSERT ON clawbacks
  FOR EACH ROW EXECUTE FUNCTION clawbacks_count();
