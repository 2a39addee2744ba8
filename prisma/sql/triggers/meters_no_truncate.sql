-- A meter keeps its terms.
CREATE TRIGGER meters_no_truncate BEFORE TRUNCATE ON meters
  FOR EACH STATEMENT EXECUTE FUNCTION meters_refuse_change();
