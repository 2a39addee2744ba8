-- Keeps a settled purchase settled, and keeps what was asked as it was asked.
CREATE OR REPLACE FUNCTION purchases_refuse_regress() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.status = 'succeeded' AND (NEW.status, NEW.captured_nanos, NEW.paid_nanos, NEW.payment_intent_id)
    IS DISTINCT FROM (OLD.status, OLD.captured_nanos, OLD.paid_nanos, OLD.payment_intent_id) THEN
    RAISE EXCEPTION 'a purchase that succeeded stays as it is' USING ERRCODE = 'restrict_violation';
  END IF;
  -- A checkout that a person left is expired at Stripe, which may say so first.
  IF OLD.status IN ('failed', 'expired', 'cancelled') AND NEW.status NOT IN (OLD.status, 'succeeded')
    AND NOT (OLD.status = 'expired' AND NEW.status = 'cancelled') THEN
    RAISE EXCEPTION 'a purchase that ended can only turn out to be paid' USING ERRCODE = 'restrict_violation';
  END IF;
  IF OLD.status = 'processing' AND NEW.status IN ('created', 'open') THEN
    RAISE EXCEPTION 'a payment that is processing was made' USING ERRCODE = 'restrict_violation';
  END IF;
  IF (NEW.team_id, NEW.id, NEW.pool_id, NEW.kind, NEW.amount_nanos,
      NEW.request_key, NEW.requested_by_member_id, NEW.created_at, NEW.expires_at)
    IS DISTINCT FROM (OLD.team_id, OLD.id, OLD.pool_id, OLD.kind, OLD.amount_nanos,
      OLD.request_key, OLD.requested_by_member_id, OLD.created_at, OLD.expires_at)
    OR (OLD.checkout_session_id IS NOT NULL AND NEW.checkout_session_id IS DISTINCT FROM OLD.checkout_session_id) THEN
    RAISE EXCEPTION 'what was asked in a purchase never changes' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
