-- A replaced secret never works longer.
CREATE TRIGGER api_key_former_secrets_refuse_regress BEFORE UPDATE ON api_key_former_secrets
  FOR EACH ROW EXECUTE FUNCTION api_key_former_secrets_refuse_regress();
