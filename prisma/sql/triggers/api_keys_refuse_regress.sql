-- A revoked key stays revoked, and a key stays what it is.
CREATE TRIGGER api_keys_refuse_regress BEFORE UPDATE ON api_keys
  FOR EACH ROW EXECUTE FUNCTION api_keys_refuse_regress();
