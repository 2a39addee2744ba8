-- What a key may do, who made it, and what can't be taken back.

-- Keys from before there were scopes could do everything.
ALTER TABLE api_keys
  ADD COLUMN scopes text[] NOT NULL DEFAULT '{usage:write,balance:read,transactions:read,agent:run}',
  ADD COLUMN created_by_member_id uuid,
  ADD CONSTRAINT api_keys_scopes_known CHECK (
    scopes <@ '{usage:write,balance:read,transactions:read,agent:run}'::text[] AND cardinality(scopes) > 0
  ),
  ADD CONSTRAINT api_keys_name_length CHECK (length(name) BETWEEN 1 AND 80),
  ADD CONSTRAINT api_keys_created_by_fkey FOREIGN KEY (team_id, created_by_member_id) REFERENCES members (team_id, id);

-- Only for the rows that were there: whoever makes a key from now on says what it may do.
ALTER TABLE api_keys ALTER COLUMN scopes DROP DEFAULT;

-- A leaked key that was revoked must stay dead, and a key can't become another one or another team's.
CREATE FUNCTION api_keys_refuse_regress() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE TRIGGER api_keys_refuse_regress BEFORE UPDATE ON api_keys
  FOR EACH ROW EXECUTE FUNCTION api_keys_refuse_regress();
