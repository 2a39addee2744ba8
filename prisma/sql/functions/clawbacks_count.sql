-- Adds a clawback to its purchase's total, in the row where two that come at once meet.
CREATE OR REPLACE FUNCTION clawbacks_count() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE purchases SET taken_back_nanos = taken_back_nanos + NEW.amount_nanos
    WHERE team_id = NEW.team_id AND id = NEW.purchase_id;
  RETURN NULL;
END $$;
