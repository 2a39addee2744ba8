-- Refuses an entry that no function of the ledger writes, that moves a bucket or a direction which its kind doesn't
-- move, that has no cause, or that makes debt without being a refund or dispute.
-- Not run for ledger_spend, which can do none of this: it only appends consumption.
CREATE OR REPLACE FUNCTION entries_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF coalesce(current_setting('ledger.writer', true), '') = '' THEN
    RAISE EXCEPTION 'entries are written by the ledger''s functions only' USING ERRCODE = 'restrict_violation';
  END IF;
  IF NOT (CASE NEW.kind
      WHEN 'consumption' THEN NEW.amount_nanos < 0 OR (NEW.bucket = 'included' AND NEW.quantity > 0)
      WHEN 'refund' THEN NEW.amount_nanos < 0 AND NEW.bucket = 'credits'
      WHEN 'dispute' THEN NEW.amount_nanos < 0 AND NEW.bucket = 'credits'
      WHEN 'expiry' THEN NEW.amount_nanos < 0
      WHEN 'consumption_reversal' THEN NEW.amount_nanos > 0
      WHEN 'included_grant' THEN NEW.amount_nanos > 0 AND NEW.bucket = 'included'
      WHEN 'transfer' THEN NEW.amount_nanos <> 0
      WHEN 'adjustment' THEN NEW.amount_nanos <> 0
      ELSE NEW.amount_nanos > 0 AND NEW.bucket = 'credits'
    END) THEN
    RAISE EXCEPTION 'entries_sign_fits_kind: an entry of kind % can''t move % by %', NEW.kind, NEW.bucket, NEW.amount_nanos
      USING ERRCODE = 'check_violation';
  END IF;
  IF NEW.cause_id IS NULL THEN
    RAISE EXCEPTION 'an entry has a cause' USING ERRCODE = 'not_null_violation';
  END IF;
  IF NEW.balance_after_nanos < 0 AND NEW.amount_nanos <= 0 AND NEW.kind NOT IN ('refund', 'dispute') THEN
    RAISE EXCEPTION 'entries_sign_fits_kind: only refunds and disputes make debt' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
