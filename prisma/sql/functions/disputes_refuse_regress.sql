-- Keeps an earlier reading of a dispute from overwriting a later one, and a dispute from becoming one of another
-- payment.
CREATE OR REPLACE FUNCTION disputes_refuse_regress() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (NEW.status, NEW.reason, NEW.amount_nanos) IS DISTINCT FROM (OLD.status, OLD.reason, OLD.amount_nanos)
    AND NEW.read_no <= OLD.read_no OR NEW.read_no < OLD.read_no THEN
    RAISE EXCEPTION 'a dispute is not taken back to what was read of it before' USING ERRCODE = 'restrict_violation';
  END IF;
  IF (NEW.team_id, NEW.id, NEW.stripe_dispute_id, NEW.payment_intent_id, NEW.occurred_at, NEW.created_at)
    IS DISTINCT FROM (OLD.team_id, OLD.id, OLD.stripe_dispute_id, OLD.payment_intent_id, OLD.occurred_at, OLD.created_at)
    OR (OLD.purchase_id IS NOT NULL AND NEW.purchase_id IS DISTINCT FROM OLD.purchase_id) THEN
    RAISE EXCEPTION 'a dispute stays what it is of' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
