-- Refuses a grant that no function of the ledger writes, a change of anything but what remains of it, a remainder
-- above what was granted, and an expiry of credits that were paid for.
-- Not run for ledger_spend, which only takes from what grants have left.
CREATE OR REPLACE FUNCTION grants_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF coalesce(current_setting('ledger.writer', true), '') = '' THEN
    RAISE EXCEPTION 'grants are written by the ledger''s functions only' USING ERRCODE = 'restrict_violation';
  END IF;
  IF TG_OP = 'UPDATE'
    AND to_jsonb(NEW) - '{remaining_nanos,is_open}'::text[] <> to_jsonb(OLD) - '{remaining_nanos,is_open}'::text[] THEN
    RAISE EXCEPTION 'of a grant only what remains changes' USING ERRCODE = 'restrict_violation';
  END IF;
  IF NEW.original_nanos <= 0 OR NEW.remaining_nanos > NEW.original_nanos THEN
    RAISE EXCEPTION 'a grant holds more than nothing and at most what was granted' USING ERRCODE = 'check_violation';
  END IF;
  IF NEW.kind NOT IN ('included', 'promotion') AND NEW.expires_at IS NOT NULL THEN
    RAISE EXCEPTION 'grants_paid_credits_never_expire' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
