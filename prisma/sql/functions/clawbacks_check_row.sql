-- Checks the purchase that a changed refund, dispute, clawback or purchase belongs to.
CREATE OR REPLACE FUNCTION clawbacks_check_row() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  changed jsonb := to_jsonb(NEW);
  purchase uuid := (changed ->> CASE TG_TABLE_NAME WHEN 'purchases' THEN 'id' ELSE 'purchase_id' END)::uuid;
BEGIN
  IF purchase IS NULL THEN
    SELECT p.id INTO purchase FROM purchases p
      WHERE p.team_id = NEW.team_id AND p.payment_intent_id = changed ->> 'payment_intent_id' AND p.status = 'succeeded';
  END IF;
  IF purchase IS NOT NULL THEN PERFORM clawbacks_check_purchase(NEW.team_id, purchase); END IF;
  RETURN NULL;
END $$;
