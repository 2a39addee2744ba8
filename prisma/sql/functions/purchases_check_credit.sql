-- Refuses a purchase that succeeded without its credits in the ledger, to the nano.
CREATE OR REPLACE FUNCTION purchases_check_credit() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (
    SELECT 1 FROM entries e JOIN pools p ON p.team_id = e.team_id AND p.no = e.pool_no
    WHERE e.team_id = NEW.team_id AND e.cause_id = NEW.id AND p.id = NEW.pool_id
      AND e.kind = CASE NEW.kind WHEN 'one_time' THEN 'purchase'::entry_kind ELSE 'auto_top_up'::entry_kind END
      AND e.bucket = 'credits' AND e.amount_nanos = NEW.captured_nanos
  ) THEN
    RAISE EXCEPTION 'purchase % succeeded without its credits', NEW.id USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NULL;
END $$;
