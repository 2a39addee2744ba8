-- Keeps a revoked API key revoked, because it may have leaked, and keeps a key from becoming another one or another
-- team's.
CREATE OR REPLACE FUNCTION api_keys_refuse_regress() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.revoked_at IS NOT NULL AND NEW.revoked_at IS DISTINCT FROM OLD.revoked_at THEN
    RAISE EXCEPTION 'a revoked API key stays revoked' USING ERRCODE = 'restrict_violation';
  END IF;
  IF (NEW.team_id, NEW.id, NEW.key_hash, NEW.last4, NEW.created_by_member_id, NEW.created_at)
    IS DISTINCT FROM (OLD.team_id, OLD.id, OLD.key_hash, OLD.last4, OLD.created_by_member_id, OLD.created_at) THEN
    RAISE EXCEPTION 'what an API key is never changes' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
