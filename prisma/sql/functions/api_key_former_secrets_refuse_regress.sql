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
