-- Refuses an entry that credits a purchase which wasn't captured in this pool and amount, and one that moves money
-- back without a clawback that says so, or takes usage back without its reversal.
-- One function for all, because each further trigger on entries is asked about each row of a spend.
CREATE OR REPLACE FUNCTION entries_check_purchase() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.kind IN ('purchase', 'auto_top_up') AND NOT EXISTS (
    SELECT 1 FROM purchases p JOIN pools o ON o.team_id = p.team_id AND o.id = p.pool_id
    WHERE p.team_id = NEW.team_id AND p.id = NEW.cause_id AND o.no = NEW.pool_no
      AND p.status = 'succeeded' AND p.captured_nanos = NEW.amount_nanos
      -- As the other kind it could be credited a second time.
      AND NEW.kind = CASE p.kind WHEN 'one_time' THEN 'purchase'::entry_kind ELSE 'auto_top_up'::entry_kind END
  ) THEN
    RAISE EXCEPTION 'entry % of pool % credits a purchase that was not captured', NEW.seq, NEW.pool_no
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  IF NEW.kind IN ('refund', 'dispute', 'dispute_reversal')
    OR EXISTS (SELECT 1 FROM clawbacks b WHERE b.team_id = NEW.team_id AND b.id = NEW.cause_id) THEN
    IF NOT EXISTS (
      SELECT 1 FROM clawbacks b WHERE b.team_id = NEW.team_id AND b.id = NEW.cause_id AND clawbacks_match(b, NEW)
    ) THEN
      RAISE EXCEPTION 'entry % of pool % moves money that no refund or dispute moved', NEW.seq, NEW.pool_no
        USING ERRCODE = 'integrity_constraint_violation';
    END IF;
  END IF;
  IF NEW.kind = 'consumption_reversal' AND NOT EXISTS (
    SELECT 1 FROM usage_reversals r JOIN pools o ON o.team_id = r.team_id AND o.id = r.pool_id
    WHERE r.team_id = NEW.team_id AND r.id = NEW.cause_id AND o.no = NEW.pool_no
      AND NEW.amount_nanos = CASE NEW.bucket WHEN 'included' THEN r.included_nanos ELSE r.credits_nanos END
  ) THEN
    RAISE EXCEPTION 'entry % of pool % takes back usage that was not reversed', NEW.seq, NEW.pool_no
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NULL;
END $$;
