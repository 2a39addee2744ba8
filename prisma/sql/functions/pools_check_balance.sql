-- Refuses a pool whose totals differ from its last entries, from what is left in its grants less debt, or from its open
-- holds.
-- Not run for ledger_spend, whose one set of rows is entries, grants and totals at once. A nightly job looks at all pools.
CREATE OR REPLACE FUNCTION pools_check_balance() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  changed jsonb := to_jsonb(NEW);
  pool pools;
  grants_left record;
  held bigint;
  last_included record;
  last_credits record;
BEGIN
  IF TG_TABLE_NAME = 'entries' THEN
    SELECT * INTO pool FROM pools p WHERE p.team_id = NEW.team_id AND p.no = (changed ->> 'pool_no')::integer;
  ELSE
    SELECT * INTO pool FROM pools p WHERE p.team_id = NEW.team_id
      AND p.id = (changed ->> CASE TG_TABLE_NAME WHEN 'pools' THEN 'id' ELSE 'pool_id' END)::uuid;
  END IF;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'the team has no such pool' USING ERRCODE = 'foreign_key_violation';
  END IF;

  SELECT e.seq, e.balance_after_nanos INTO last_included FROM entries e
    WHERE e.team_id = pool.team_id AND e.pool_no = pool.no AND e.bucket = 'included' ORDER BY e.seq DESC LIMIT 1;
  SELECT e.seq, e.balance_after_nanos INTO last_credits FROM entries e
    WHERE e.team_id = pool.team_id AND e.pool_no = pool.no AND e.bucket = 'credits' ORDER BY e.seq DESC LIMIT 1;
  IF pool.last_seq <> greatest(last_included.seq, last_credits.seq, 0)
    OR pool.included_nanos <> coalesce(last_included.balance_after_nanos, 0)
    OR pool.credits_nanos <> coalesce(last_credits.balance_after_nanos, 0) THEN
    RAISE EXCEPTION 'pool % disagrees with its entries', pool.id USING ERRCODE = 'integrity_constraint_violation';
  END IF;

  SELECT coalesce(sum(g.remaining_nanos) FILTER (WHERE g.kind = 'included'), 0) AS included,
      coalesce(sum(g.remaining_nanos) FILTER (WHERE g.kind <> 'included'), 0) AS credits
    INTO grants_left FROM grants g WHERE g.team_id = pool.team_id AND g.pool_id = pool.id AND g.is_open;
  IF pool.included_nanos <> grants_left.included OR pool.credits_nanos <> grants_left.credits - pool.debt_nanos THEN
    RAISE EXCEPTION 'pool % disagrees with its grants: included % against %, credits % against % less debt %',
      pool.id, pool.included_nanos, grants_left.included, pool.credits_nanos, grants_left.credits, pool.debt_nanos
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;

  SELECT coalesce(sum(h.left_nanos), 0) INTO held FROM holds h
    WHERE h.team_id = pool.team_id AND h.pool_id = pool.id AND h.status = 'open';
  IF pool.held_nanos <> held THEN
    RAISE EXCEPTION 'pool % disagrees with its holds: % against %', pool.id, pool.held_nanos, held
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NULL;
END $$;
