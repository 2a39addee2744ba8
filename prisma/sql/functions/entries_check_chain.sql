-- Refuses an entry that doesn't go on where its pool's entries end: with the next number, and with the balance before
-- it in its bucket plus its amount.
-- Not run for ledger_spend, which numbers and sums its rows itself and alone writes entries without a cause.
CREATE OR REPLACE FUNCTION entries_check_chain() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.balance_after_nanos - NEW.amount_nanos <> coalesce((
      SELECT e.balance_after_nanos FROM entries e
      WHERE e.team_id = NEW.team_id AND e.pool_no = NEW.pool_no AND e.bucket = NEW.bucket AND e.seq < NEW.seq
      ORDER BY e.seq DESC LIMIT 1), 0)
    OR NEW.seq <> 1 AND NOT EXISTS (
      SELECT 1 FROM entries e WHERE e.team_id = NEW.team_id AND e.pool_no = NEW.pool_no
        AND e.bucket IN ('included', 'credits') AND e.seq = NEW.seq - 1)
    OR EXISTS (
      SELECT 1 FROM entries e WHERE e.team_id = NEW.team_id AND e.pool_no = NEW.pool_no
        AND e.bucket = CASE NEW.bucket WHEN 'included' THEN 'credits'::bucket ELSE 'included' END AND e.seq = NEW.seq) THEN
    RAISE EXCEPTION 'entry % of pool % does not continue the chain', NEW.seq, NEW.pool_no
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NULL;
END $$;
