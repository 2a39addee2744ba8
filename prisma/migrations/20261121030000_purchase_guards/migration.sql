-- A purchase is credited as its own kind only: as the other kind it could be credited a second time.
CREATE OR REPLACE FUNCTION entries_check_purchase() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (
    SELECT 1 FROM purchases p WHERE p.team_id = NEW.team_id AND p.id = NEW.cause_id AND p.pool_id = NEW.pool_id
      AND p.status = 'succeeded' AND p.captured_nanos = NEW.amount_nanos
      AND NEW.kind = CASE p.kind WHEN 'one_time' THEN 'purchase'::entry_kind ELSE 'auto_top_up'::entry_kind END
  ) THEN
    RAISE EXCEPTION 'entry % of pool % credits a purchase that was not captured', NEW.seq, NEW.pool_id
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NULL;
END $$;

CREATE TRIGGER purchases_no_truncate BEFORE TRUNCATE ON purchases
  FOR EACH STATEMENT EXECUTE FUNCTION purchases_refuse_delete();
