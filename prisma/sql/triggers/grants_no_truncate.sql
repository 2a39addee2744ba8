-- Grants are kept for good.
CREATE TRIGGER grants_no_truncate BEFORE TRUNCATE ON grants
  FOR EACH STATEMENT EXECUTE FUNCTION grants_refuse_delete();
