-- Keeps an earlier reading of a refund from overwriting a later one, and a refund from becoming one of another
-- payment.
CREATE OR REPLACE FUNCTION refunds_refuse_regress() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (NEW.status, NEW.reason, NEW.failure_reason) IS DISTINCT FROM (OLD.status, OLD.reason, OLD.failure_reason)
    AND NEW.read_no <= OLD.read_no OR NEW.read_no < OLD.read_no THEN
    RAISE EXCEPTION 'a refund is not taken back to what was read of it before' USING ERRCODE = 'restrict_violation';
  END IF;
  IF OLD.status IN ('failed', 'canceled') AND NEW.status <> OLD.status THEN
    RAISE EXCEPTION 'a refund that failed or was cancelled stays so' USING ERRCODE = 'restrict_violation';
  END IF;
  IF (NEW.team_id, NEW.id, NEW.stripe_refund_id, NEW.payment_intent_id, NEW.amount_nanos,
      NEW.occurred_at, NEW.created_at)
    IS DISTINCT FROM (OLD.team_id, OLD.id, OLD.stripe_refund_id, OLD.payment_intent_id, OLD.amount_nanos,
      OLD.occurred_at, OLD.created_at)
    OR (OLD.purchase_id IS NOT NULL AND NEW.purchase_id IS DISTINCT FROM OLD.purchase_id) THEN
    RAISE EXCEPTION 'a refund stays what it is of' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
