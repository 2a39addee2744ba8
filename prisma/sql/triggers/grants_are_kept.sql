-- Grants are kept for good.
CREATE TRIGGER grants_are_kept BEFORE DELETE ON grants
  FOR EACH ROW EXECUTE FUNCTION grants_refuse_delete();
