-- Until when an API key works, the secrets that it had before, and when it was used last.

ALTER TABLE api_keys
  -- From here on the key is refused. Null: it has no end.
  ADD COLUMN expires_at timestamptz,
  -- When its present secret was made. Null: with the key.
  ADD COLUMN rolled_at timestamptz,
  ADD CONSTRAINT api_keys_expire_later CHECK (expires_at > created_at),
  ADD CONSTRAINT api_keys_rolled_later CHECK (rolled_at >= created_at);

-- A secret that a roll has replaced. It goes on working until programs have had time to take the new one.
CREATE TABLE api_key_former_secrets (
  team_id uuid NOT NULL,
  key_hash text NOT NULL,
  api_key_id uuid NOT NULL,
  last4 text NOT NULL,
  replaced_at timestamptz NOT NULL,
  works_until timestamptz NOT NULL,
  PRIMARY KEY (team_id, key_hash),
  FOREIGN KEY (team_id, api_key_id) REFERENCES api_keys (team_id, id)
);
CREATE INDEX api_key_former_secrets_key_idx ON api_key_former_secrets (team_id, api_key_id);

-- When a key was used last, to the minute. A table of its own: a change of api_keys makes every process read the team
-- anew.
CREATE TABLE api_key_uses (
  team_id uuid NOT NULL,
  api_key_id uuid NOT NULL,
  last_used_at timestamptz NOT NULL,
  PRIMARY KEY (team_id, api_key_id),
  FOREIGN KEY (team_id, api_key_id) REFERENCES api_keys (team_id, id)
) WITH (fillfactor = 50);

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

-- Lets the end of a replaced secret come earlier and never later: a process may remember that it has ended.
CREATE OR REPLACE FUNCTION api_key_former_secrets_refuse_regress() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.works_until > OLD.works_until
    OR (NEW.team_id, NEW.key_hash, NEW.api_key_id, NEW.last4, NEW.replaced_at)
      IS DISTINCT FROM (OLD.team_id, OLD.key_hash, OLD.api_key_id, OLD.last4, OLD.replaced_at) THEN
    RAISE EXCEPTION 'a replaced secret never works longer' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;

-- A secret that was replaced, or ends earlier, does so from the next request.
CREATE TRIGGER api_key_former_secrets_change_metering AFTER INSERT OR UPDATE OR DELETE ON api_key_former_secrets
  FOR EACH ROW EXECUTE FUNCTION team_parts_change_metering();
-- A replaced secret never works longer.
CREATE TRIGGER api_key_former_secrets_refuse_regress BEFORE UPDATE ON api_key_former_secrets
  FOR EACH ROW EXECUTE FUNCTION api_key_former_secrets_refuse_regress();
