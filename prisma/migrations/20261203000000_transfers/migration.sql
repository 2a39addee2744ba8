-- Bought credits that were moved from one pool of a team to another.
CREATE TABLE transfers (
  team_id uuid NOT NULL REFERENCES teams,
  id uuid NOT NULL DEFAULT uuidv7(),
  from_pool_id uuid NOT NULL,
  to_pool_id uuid NOT NULL,
  amount_nanos bigint NOT NULL CHECK (amount_nanos > 0),
  reason text NOT NULL CHECK (reason IN ('by_owner', 'request', 'removal')),
  -- Who moved them. Null for what a removed member's holds give back later.
  made_by_member_id uuid,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (team_id, id),
  FOREIGN KEY (team_id, from_pool_id) REFERENCES pools (team_id, id),
  FOREIGN KEY (team_id, to_pool_id) REFERENCES pools (team_id, id),
  FOREIGN KEY (team_id, made_by_member_id) REFERENCES members (team_id, id),
  CHECK (from_pool_id <> to_pool_id)
);

-- The two entries of a transfer have one cause and differ in their sign.
DROP INDEX entries_once_per_cause;
CREATE UNIQUE INDEX entries_once_per_cause
  ON entries (team_id, cause_id, kind, bucket, (CASE WHEN kind = 'transfer' THEN amount_nanos > 0 END)) NULLS NOT DISTINCT
  WHERE cause_id IS NOT NULL;

-- Adds credits to a pool: one grant, one entry. Debt is repaid first. A cause that was already credited changes
-- nothing and returns what it returned then.
CREATE OR REPLACE FUNCTION ledger_credit(
  p_team uuid, p_pool uuid, p_kind entry_kind, p_grant_kind grant_kind, p_priority smallint,
  p_amount bigint, p_cause uuid, p_occurred_at timestamptz, p_expires_at timestamptz, p_detail text,
  OUT seq bigint, OUT balance_after_nanos bigint, OUT replayed boolean
) LANGUAGE plpgsql SET ledger.writer = 'credit' AS $$
DECLARE
  pool pools;
  target bucket := CASE WHEN p_grant_kind = 'included' THEN 'included' ELSE 'credits' END;
  repaid bigint := 0;
  known entries;
BEGIN
  SELECT * INTO STRICT pool FROM pools WHERE team_id = p_team AND id = p_pool FOR NO KEY UPDATE;

  -- A transfer's other entry has the same cause and takes.
  SELECT * INTO known FROM entries e
    WHERE e.team_id = p_team AND e.cause_id = p_cause AND e.kind = p_kind AND e.bucket = target AND e.amount_nanos > 0;
  IF FOUND THEN
    IF known.pool_no <> pool.no OR known.amount_nanos <> p_amount THEN
      RAISE EXCEPTION 'cause % was credited with another pool or amount', p_cause USING ERRCODE = 'unique_violation';
    END IF;
    seq := known.seq; balance_after_nanos := known.balance_after_nanos; replayed := true;
    RETURN;
  END IF;

  seq := pool.last_seq + 1;
  balance_after_nanos := p_amount + CASE target WHEN 'included' THEN pool.included_nanos ELSE pool.credits_nanos END;
  replayed := false;
  IF target = 'credits' THEN repaid := least(pool.debt_nanos, p_amount); END IF;
  INSERT INTO entries (
    team_id, pool_no, seq, bucket, kind, amount_nanos, balance_after_nanos,
    cause_id, grant_no, detail, reported_at
  )
    VALUES (
      p_team, pool.no, seq, target, p_kind, p_amount, balance_after_nanos,
      p_cause, pool.last_grant_no + 1, p_detail, p_occurred_at
    );
  INSERT INTO grants (team_id, pool_id, no, kind, priority, original_nanos, remaining_nanos, is_open, cause_id, expires_at)
    VALUES (
      p_team, p_pool, pool.last_grant_no + 1, p_grant_kind, p_priority,
      p_amount, p_amount - repaid, p_amount > repaid, p_cause, p_expires_at
    );
  UPDATE pools p SET
    last_seq = p.last_seq + 1, revision = p.revision + 1, last_grant_no = p.last_grant_no + 1,
    debt_nanos = p.debt_nanos - repaid,
    included_nanos = p.included_nanos + CASE target WHEN 'included' THEN p_amount ELSE 0 END,
    credits_nanos = p.credits_nanos + CASE target WHEN 'credits' THEN p_amount ELSE 0 END,
    lifetime_added_nanos = p.lifetime_added_nanos + CASE WHEN p_kind IN ('purchase', 'auto_top_up') THEN p_amount ELSE 0 END
    WHERE p.team_id = p_team AND p.id = p_pool;
  PERFORM ledger_rearm(p_team, p_pool);
END $$;

-- Returns what a transfer may take from a pool, in nanos: what is left of bought credits, less what holds set aside
-- that nothing else in the pool covers.
CREATE OR REPLACE FUNCTION ledger_transferable(p_team uuid, p_pool uuid) RETURNS bigint LANGUAGE sql STABLE AS $$
  SELECT greatest(0, least(pool_available(p), (
    SELECT coalesce(sum(g.remaining_nanos), 0) FROM grants g
    WHERE g.team_id = p_team AND g.pool_id = p_pool AND g.is_open AND g.kind IN ('purchase', 'auto_top_up')
  )))::bigint
  FROM pools p WHERE p.team_id = p_team AND p.id = p_pool
$$;

-- Moves bought credits from one pool to another: one transfer, and an entry in each pool whose cause it is. Moves all that
-- can go where p_amount is null, which may be nothing. Promotions and included credits stay, and so does what holds set
-- aside. Refuses to move more than can go. A transfer that was already made changes nothing.
CREATE OR REPLACE FUNCTION ledger_transfer(
  p_team uuid, p_id uuid, p_from uuid, p_to uuid, p_amount bigint, p_reason text, p_made_by uuid,
  p_detail_from text, p_detail_to text, p_now timestamptz,
  OUT moved_nanos bigint, OUT replayed boolean
) LANGUAGE plpgsql SET ledger.writer = 'transfer' AS $$
DECLARE
  pool pools;
  known transfers;
  lot record;
  due bigint;
  drawn bigint;
BEGIN
  IF p_from = p_to OR p_amount <= 0 THEN
    RAISE EXCEPTION 'a transfer moves more than nothing, to another pool' USING ERRCODE = 'invalid_parameter_value';
  END IF;
  PERFORM 1 FROM pools p WHERE p.team_id = p_team AND p.id IN (p_from, p_to) ORDER BY p.id FOR NO KEY UPDATE;

  SELECT * INTO known FROM transfers t WHERE t.team_id = p_team AND t.id = p_id;
  replayed := FOUND;
  IF replayed THEN
    IF (known.from_pool_id, known.to_pool_id) <> (p_from, p_to) OR known.amount_nanos <> coalesce(p_amount, known.amount_nanos) THEN
      RAISE EXCEPTION 'transfer % moved something else', p_id USING ERRCODE = 'unique_violation';
    END IF;
    moved_nanos := known.amount_nanos;
    RETURN;
  END IF;

  PERFORM ledger_expire(p_team, p_from, p_now);
  moved_nanos := coalesce(p_amount, ledger_transferable(p_team, p_from));
  IF moved_nanos > ledger_transferable(p_team, p_from) THEN
    RAISE EXCEPTION 'pool % has less to move than %', p_from, moved_nanos USING ERRCODE = 'check_violation';
  END IF;
  IF moved_nanos = 0 THEN RETURN; END IF;

  INSERT INTO transfers (team_id, id, from_pool_id, to_pool_id, amount_nanos, reason, made_by_member_id, created_at)
    VALUES (p_team, p_id, p_from, p_to, moved_nanos, p_reason, p_made_by, p_now);
  due := moved_nanos;
  FOR lot IN SELECT g.id, g.remaining_nanos FROM grants g
    WHERE g.team_id = p_team AND g.pool_id = p_from AND g.is_open AND g.kind IN ('purchase', 'auto_top_up')
    ORDER BY g.priority, g.expires_at NULLS LAST, g.id
  LOOP
    EXIT WHEN due = 0;
    drawn := least(lot.remaining_nanos, due);
    due := due - drawn;
    UPDATE grants g SET remaining_nanos = g.remaining_nanos - drawn, is_open = g.remaining_nanos > drawn
      WHERE g.team_id = p_team AND g.id = lot.id;
  END LOOP;
  UPDATE pools p SET last_seq = p.last_seq + 1, revision = p.revision + 1, credits_nanos = p.credits_nanos - moved_nanos
    WHERE p.team_id = p_team AND p.id = p_from RETURNING * INTO pool;
  INSERT INTO entries (
    team_id, pool_no, seq, bucket, kind, amount_nanos, balance_after_nanos, created_at, cause_id, detail
  )
    VALUES (
      p_team, pool.no, pool.last_seq, 'credits', 'transfer', -moved_nanos, pool.credits_nanos, p_now, p_id, p_detail_from
    );
  PERFORM ledger_credit(p_team, p_to, 'transfer', 'purchase', 30::smallint, moved_nanos, p_id, p_now, NULL, p_detail_to);
END $$;

-- Refuses to change or delete what says why credits went from one pool to another.
CREATE OR REPLACE FUNCTION transfers_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'transfers are kept: they say why credits moved' USING ERRCODE = 'restrict_violation';
END $$;

-- A transfer is never changed or deleted.
CREATE TRIGGER transfers_append_only BEFORE UPDATE OR DELETE ON transfers
  FOR EACH ROW EXECUTE FUNCTION transfers_refuse_change();

-- Transfers are kept for good.
CREATE TRIGGER transfers_no_truncate BEFORE TRUNCATE ON transfers
  FOR EACH STATEMENT EXECUTE FUNCTION transfers_refuse_change();

-- Lets only the functions of the ledger write transfers.
CREATE TRIGGER transfers_by_ledger BEFORE INSERT ON transfers
  FOR EACH STATEMENT
  WHEN (coalesce(current_setting('ledger.writer', true), '') = '') EXECUTE FUNCTION ledger_refuse_writer();
