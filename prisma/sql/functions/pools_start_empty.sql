-- Refuses a new pool that isn't empty: credits come by entries only.
CREATE OR REPLACE FUNCTION pools_start_empty() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (NEW.last_seq, NEW.included_nanos, NEW.credits_nanos, NEW.debt_nanos, NEW.held_nanos, NEW.lifetime_added_nanos,
      NEW.lifetime_spent_nanos, NEW.last_grant_no, NEW.period_starts_at)
    IS DISTINCT FROM (0::bigint, 0::bigint, 0::bigint, 0::bigint, 0::bigint, 0::bigint, 0::bigint, 0, NULL::timestamptz) THEN
    RAISE EXCEPTION 'a pool starts empty' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
