-- Counts what a hold sets aside against its limits, and no longer what it gives back.
CREATE OR REPLACE FUNCTION holds_count_in_limits() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM 1 FROM spend_limits l WHERE l.team_id = NEW.team_id AND l.id = ANY (NEW.limit_ids) ORDER BY l.id FOR NO KEY UPDATE;
  UPDATE spend_limits l SET held_nanos = l.held_nanos + NEW.left_nanos - CASE TG_OP WHEN 'INSERT' THEN 0 ELSE OLD.left_nanos END
    WHERE l.team_id = NEW.team_id AND l.id = ANY (NEW.limit_ids);
  RETURN NULL;
END $$;
