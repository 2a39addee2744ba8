-- Refuses a change of a pool that no function of the ledger makes, and any change of whose pool it is.
-- Not run for ledger_spend, which only moves totals.
CREATE OR REPLACE FUNCTION pools_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (OLD.team_id, OLD.id, OLD.no, OLD.member_id) IS DISTINCT FROM (NEW.team_id, NEW.id, NEW.no, NEW.member_id) THEN
    RAISE EXCEPTION 'a pool stays whose it is' USING ERRCODE = 'restrict_violation';
  END IF;
  IF coalesce(current_setting('ledger.writer', true), '') = '' THEN
    RAISE EXCEPTION 'pools are written by the ledger''s functions only' USING ERRCODE = 'restrict_violation';
  END IF;
  IF (NEW.period_starts_at IS NULL) <> (NEW.period_ends_at IS NULL) THEN
    RAISE EXCEPTION 'a period has a start and an end' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
