-- A meter keeps its terms.
CREATE TRIGGER meters_are_kept BEFORE UPDATE OR DELETE ON meters
  FOR EACH ROW EXECUTE FUNCTION meters_refuse_change();
