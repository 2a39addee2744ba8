-- Keeps a revoked API key revoked, because it may have leaked, and keeps a key from becoming another one or another
-- team's. Only a roll changes its secret and its end, and it keeps the hash of the secret that it replaces.
CREATE OR REPLACE FUNCTION api_keys_refuse_regress() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.revoked_at IS NOT NULL AND NEW.revoked_at IS DISTINCT FROM OLD.revoked_at THEN
    RAISE EXCEPTION 'a revoked API key stays revoked' USING ERRCODE = 'restrict_violation';
  END IF;
  IF (NEW.team_id, NEW.id, NEW.created_by_member_id, NEW.created_at)
    IS DISTINCT FROM (OLD.team_id, OLD.id, OLD.created_by_member_id, OLD.created_at) THEN
    RAISE EXCEPTION 'what an API key is never changes' USING ERRCODE = 'restrict_violation';
  END IF;
  IF (NEW.key_hash, NEW.last4, NEW.expires_at, NEW.rolled_at)
    IS DISTINCT FROM (OLD.key_hash, OLD.last4, OLD.expires_at, OLD.rolled_at)
    AND (NEW.rolled_at IS NULL OR NEW.key_hash = OLD.key_hash OR NOT EXISTS (
      SELECT 1 FROM api_key_former_secrets s WHERE s.team_id = OLD.team_id AND s.key_hash = OLD.key_hash
    )) THEN
    RAISE EXCEPTION 'what an API key is never changes' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
