-- The ledger. lib/ledger/README.md says what it promises.

CREATE TYPE bucket AS ENUM ('included', 'credits');
CREATE TYPE grant_kind AS ENUM ('included', 'promotion', 'purchase', 'auto_top_up');
CREATE TYPE entry_kind AS ENUM (
  'purchase', 'auto_top_up', 'consumption', 'refund', 'dispute', 'dispute_reversal',
  'promotion', 'expiry', 'included_grant', 'transfer', 'adjustment'
);

CREATE TABLE pools (
  team_id uuid NOT NULL REFERENCES teams,
  id uuid NOT NULL DEFAULT uuidv7(),
  -- Null for the one pool that an Enterprise team shares.
  member_id uuid,
  last_seq bigint NOT NULL DEFAULT 0 CHECK (last_seq >= 0),
  included_nanos bigint NOT NULL DEFAULT 0 CHECK (included_nanos >= 0),
  credits_nanos bigint NOT NULL DEFAULT 0,
  debt_nanos bigint NOT NULL DEFAULT 0 CHECK (debt_nanos >= 0),
  lifetime_added_nanos bigint NOT NULL DEFAULT 0 CHECK (lifetime_added_nanos >= 0),
  lifetime_spent_nanos bigint NOT NULL DEFAULT 0 CHECK (lifetime_spent_nanos >= 0),
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (team_id, id),
  FOREIGN KEY (team_id, member_id) REFERENCES members (team_id, id),
  UNIQUE NULLS NOT DISTINCT (team_id, member_id),
  CONSTRAINT pools_debt_is_the_only_negative CHECK (credits_nanos >= -debt_nanos)
);

CREATE TABLE grants (
  team_id uuid NOT NULL,
  pool_id uuid NOT NULL,
  id uuid NOT NULL DEFAULT uuidv7(),
  kind grant_kind NOT NULL,
  -- The waterfall draws lower numbers first.
  priority smallint NOT NULL,
  original_nanos bigint NOT NULL CHECK (original_nanos > 0),
  remaining_nanos bigint NOT NULL CHECK (remaining_nanos BETWEEN 0 AND original_nanos),
  -- The purchase, promotion or period that gave the credits.
  cause_id uuid NOT NULL,
  expires_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (team_id, id),
  FOREIGN KEY (team_id, pool_id) REFERENCES pools (team_id, id),
  UNIQUE (team_id, cause_id, kind),
  CONSTRAINT grants_paid_credits_never_expire CHECK (kind IN ('included', 'promotion') OR expires_at IS NULL)
);
CREATE INDEX grants_left_idx ON grants (team_id, pool_id, priority, expires_at NULLS LAST, id) WHERE remaining_nanos > 0;

CREATE TABLE entries (
  team_id uuid NOT NULL,
  pool_id uuid NOT NULL,
  seq bigint NOT NULL CHECK (seq > 0),
  bucket bucket NOT NULL,
  kind entry_kind NOT NULL,
  amount_nanos bigint NOT NULL CHECK (amount_nanos <> 0),
  balance_after_nanos bigint NOT NULL,
  -- The row that caused the entry: a purchase, refund, usage record or period.
  cause_id uuid NOT NULL,
  -- What a reader needs to recognise it, such as the consumable.
  detail text CHECK (length(detail) BETWEEN 1 AND 200),
  occurred_at timestamptz NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (team_id, pool_id, seq),
  FOREIGN KEY (team_id, pool_id) REFERENCES pools (team_id, id),
  CONSTRAINT entries_once_per_cause UNIQUE (team_id, cause_id, kind, bucket),
  CONSTRAINT entries_sign_fits_kind CHECK (
    CASE
      WHEN kind IN ('purchase', 'auto_top_up', 'promotion', 'included_grant', 'dispute_reversal') THEN amount_nanos > 0
      WHEN kind IN ('consumption', 'refund', 'dispute', 'expiry') THEN amount_nanos < 0
      ELSE true
    END
  ),
  CONSTRAINT entries_bucket_fits_kind CHECK (
    CASE
      WHEN kind = 'included_grant' THEN bucket = 'included'
      WHEN kind IN ('purchase', 'auto_top_up', 'promotion', 'refund', 'dispute', 'dispute_reversal') THEN bucket = 'credits'
      ELSE true
    END
  ),
  CONSTRAINT entries_only_refunds_make_debt CHECK (
    balance_after_nanos >= 0 OR amount_nanos > 0 OR kind IN ('refund', 'dispute')
  )
);
CREATE INDEX entries_bucket_idx ON entries (team_id, pool_id, bucket, seq);

-- Entries are history: a mistake is corrected by another entry.
CREATE FUNCTION entries_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'ledger entries are append-only' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER entries_append_only BEFORE UPDATE OR DELETE ON entries
  FOR EACH ROW EXECUTE FUNCTION entries_refuse_change();
CREATE TRIGGER entries_no_truncate BEFORE TRUNCATE ON entries
  FOR EACH STATEMENT EXECUTE FUNCTION entries_refuse_change();

-- Checks that what was appended continues each pool's chain, and moves the pool's totals with it. Because this is the
-- only way the totals change, they can't drift from the entries.
CREATE FUNCTION entries_advance_pool() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  broken record;
BEGIN
  -- Locks first, in one order, so that the totals read below can't be stale.
  PERFORM 1 FROM pools p
    WHERE (p.team_id, p.id) IN (SELECT DISTINCT a.team_id, a.pool_id FROM appended a)
    ORDER BY p.team_id, p.id FOR NO KEY UPDATE;

  SELECT chained.pool_id, chained.seq INTO broken FROM (
    SELECT a.pool_id, a.seq, a.balance_after_nanos,
      p.last_seq + row_number() OVER (PARTITION BY a.team_id, a.pool_id ORDER BY a.seq) AS expected_seq,
      CASE a.bucket WHEN 'included' THEN p.included_nanos ELSE p.credits_nanos END
        + sum(a.amount_nanos) OVER (PARTITION BY a.team_id, a.pool_id, a.bucket ORDER BY a.seq) AS expected_balance
    FROM appended a JOIN pools p ON p.team_id = a.team_id AND p.id = a.pool_id
  ) chained
  WHERE chained.seq <> chained.expected_seq OR chained.balance_after_nanos <> chained.expected_balance
  ORDER BY chained.seq LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'entry % of pool % does not continue the chain', broken.seq, broken.pool_id
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;

  UPDATE pools p SET
    last_seq = p.last_seq + sums.entries,
    included_nanos = p.included_nanos + sums.included,
    credits_nanos = p.credits_nanos + sums.credits,
    lifetime_added_nanos = p.lifetime_added_nanos + sums.added,
    lifetime_spent_nanos = p.lifetime_spent_nanos + sums.spent
  FROM (
    SELECT a.team_id, a.pool_id, count(*) AS entries,
      coalesce(sum(a.amount_nanos) FILTER (WHERE a.bucket = 'included'), 0) AS included,
      coalesce(sum(a.amount_nanos) FILTER (WHERE a.bucket = 'credits'), 0) AS credits,
      coalesce(sum(a.amount_nanos) FILTER (WHERE a.kind IN ('purchase', 'auto_top_up')), 0) AS added,
      coalesce(-sum(a.amount_nanos) FILTER (WHERE a.kind = 'consumption' AND a.bucket = 'credits'), 0) AS spent
    FROM appended a GROUP BY a.team_id, a.pool_id
  ) sums
  WHERE p.team_id = sums.team_id AND p.id = sums.pool_id;
  RETURN NULL;
END $$;
CREATE TRIGGER entries_advance_pool AFTER INSERT ON entries
  REFERENCING NEW TABLE AS appended FOR EACH STATEMENT EXECUTE FUNCTION entries_advance_pool();

CREATE FUNCTION pools_refuse_direct_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  -- Depth 1 is this trigger itself; anything that appends entries comes here one level deeper.
  IF pg_trigger_depth() < 2 THEN
    RAISE EXCEPTION 'pool totals change only by appending entries' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER pools_totals_follow_entries BEFORE UPDATE ON pools FOR EACH ROW
  WHEN ((OLD.last_seq, OLD.included_nanos, OLD.credits_nanos, OLD.lifetime_added_nanos, OLD.lifetime_spent_nanos)
    IS DISTINCT FROM (NEW.last_seq, NEW.included_nanos, NEW.credits_nanos, NEW.lifetime_added_nanos, NEW.lifetime_spent_nanos))
  EXECUTE FUNCTION pools_refuse_direct_change();

CREATE FUNCTION pools_refuse_rename() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'a pool stays whose it is' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER pools_keep_their_holder BEFORE UPDATE ON pools FOR EACH ROW
  WHEN ((OLD.team_id, OLD.id, OLD.member_id) IS DISTINCT FROM (NEW.team_id, NEW.id, NEW.member_id))
  EXECUTE FUNCTION pools_refuse_rename();

CREATE FUNCTION pools_start_empty() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (NEW.last_seq, NEW.included_nanos, NEW.credits_nanos, NEW.debt_nanos, NEW.lifetime_added_nanos, NEW.lifetime_spent_nanos)
    IS DISTINCT FROM (0::bigint, 0::bigint, 0::bigint, 0::bigint, 0::bigint, 0::bigint) THEN
    RAISE EXCEPTION 'a pool starts empty' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER pools_start_empty BEFORE INSERT ON pools FOR EACH ROW EXECUTE FUNCTION pools_start_empty();

-- At commit each bucket equals its last entry and what is left in its grants, less debt. Deferred, because a transaction
-- writes grants, entries and debt one after the other.
CREATE FUNCTION pools_last_balance(p_team uuid, p_pool uuid, p_bucket bucket) RETURNS bigint LANGUAGE sql STABLE AS $$
  SELECT coalesce((
    SELECT e.balance_after_nanos FROM entries e
    WHERE e.team_id = p_team AND e.pool_id = p_pool AND e.bucket = p_bucket ORDER BY e.seq DESC LIMIT 1
  ), 0)
$$;

CREATE FUNCTION pools_check_balance() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  checked_team uuid := NEW.team_id;
  checked_pool uuid := CASE TG_TABLE_NAME WHEN 'pools' THEN (to_jsonb(NEW) ->> 'id')::uuid ELSE (to_jsonb(NEW) ->> 'pool_id')::uuid END;
  p pools;
  included_left bigint;
  credits_left bigint;
  newest_seq bigint;
BEGIN
  SELECT * INTO p FROM pools WHERE team_id = checked_team AND id = checked_pool;
  SELECT coalesce(sum(remaining_nanos) FILTER (WHERE kind = 'included'), 0),
         coalesce(sum(remaining_nanos) FILTER (WHERE kind <> 'included'), 0)
    INTO included_left, credits_left
    FROM grants WHERE team_id = checked_team AND pool_id = checked_pool AND remaining_nanos > 0;
  SELECT coalesce(max(e.seq), 0) INTO newest_seq FROM entries e WHERE e.team_id = checked_team AND e.pool_id = checked_pool;
  IF p.last_seq <> newest_seq
    OR p.included_nanos <> pools_last_balance(checked_team, checked_pool, 'included')
    OR p.credits_nanos <> pools_last_balance(checked_team, checked_pool, 'credits') THEN
    RAISE EXCEPTION 'pool % disagrees with its entries', checked_pool USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  IF p.included_nanos <> included_left OR p.credits_nanos <> credits_left - p.debt_nanos THEN
    RAISE EXCEPTION 'pool % disagrees with its grants: included % against %, credits % against % less debt %',
      checked_pool, p.included_nanos, included_left, p.credits_nanos, credits_left, p.debt_nanos
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER pools_equal_grants AFTER UPDATE ON pools
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION pools_check_balance();
CREATE CONSTRAINT TRIGGER grants_equal_pool AFTER INSERT OR UPDATE ON grants
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION pools_check_balance();
CREATE FUNCTION grants_refuse_delete() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'grants are kept: they say which money paid for what' USING ERRCODE = 'restrict_violation';
END $$;
CREATE FUNCTION grants_refuse_rewrite() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (to_jsonb(NEW) - 'remaining_nanos') IS DISTINCT FROM (to_jsonb(OLD) - 'remaining_nanos') THEN
    RAISE EXCEPTION 'of a grant only what remains changes' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER grants_keep_their_terms BEFORE UPDATE ON grants FOR EACH ROW EXECUTE FUNCTION grants_refuse_rewrite();
CREATE TRIGGER grants_are_kept BEFORE DELETE ON grants FOR EACH ROW EXECUTE FUNCTION grants_refuse_delete();
CREATE TRIGGER grants_no_truncate BEFORE TRUNCATE ON grants FOR EACH STATEMENT EXECUTE FUNCTION grants_refuse_delete();

-- Adds credits to a pool: one grant, one entry. Debt is repaid first. A cause that was already credited changes nothing.
CREATE FUNCTION ledger_credit(
  p_team uuid, p_pool uuid, p_kind entry_kind, p_grant_kind grant_kind, p_priority smallint,
  p_amount bigint, p_cause uuid, p_occurred_at timestamptz, p_expires_at timestamptz, p_detail text,
  OUT seq bigint, OUT balance_after_nanos bigint, OUT replayed boolean
) LANGUAGE plpgsql AS $$
DECLARE
  pool pools;
  target bucket := CASE WHEN p_grant_kind = 'included' THEN 'included' ELSE 'credits' END;
  repaid bigint := 0;
  known entries;
BEGIN
  SELECT * INTO STRICT pool FROM pools WHERE team_id = p_team AND id = p_pool FOR NO KEY UPDATE;

  SELECT * INTO known FROM entries e
    WHERE e.team_id = p_team AND e.cause_id = p_cause AND e.kind = p_kind AND e.bucket = target;
  IF FOUND THEN
    IF known.pool_id <> p_pool OR known.amount_nanos <> p_amount THEN
      RAISE EXCEPTION 'cause % was credited with another pool or amount', p_cause USING ERRCODE = 'unique_violation';
    END IF;
    seq := known.seq; balance_after_nanos := known.balance_after_nanos; replayed := true;
    RETURN;
  END IF;

  -- The entry comes first: debt may only shrink once the balance has risen.
  seq := pool.last_seq + 1;
  balance_after_nanos := p_amount + CASE target WHEN 'included' THEN pool.included_nanos ELSE pool.credits_nanos END;
  replayed := false;
  INSERT INTO entries (team_id, pool_id, seq, bucket, kind, amount_nanos, balance_after_nanos, cause_id, detail, occurred_at)
    VALUES (p_team, p_pool, seq, target, p_kind, p_amount, balance_after_nanos, p_cause, p_detail, p_occurred_at);

  IF target = 'credits' AND pool.debt_nanos > 0 THEN
    repaid := least(pool.debt_nanos, p_amount);
    UPDATE pools SET debt_nanos = debt_nanos - repaid WHERE team_id = p_team AND id = p_pool;
  END IF;
  INSERT INTO grants (team_id, pool_id, kind, priority, original_nanos, remaining_nanos, cause_id, expires_at)
    VALUES (p_team, p_pool, p_grant_kind, p_priority, p_amount, p_amount - repaid, p_cause, p_expires_at);
END $$;

-- Draws usage from a pool's grants: lowest priority number, then soonest expiry, then oldest. All or nothing.
-- enough = false means that the pool holds too little and nothing was written.
CREATE FUNCTION ledger_consume(
  p_team uuid, p_pool uuid, p_amount bigint, p_cause uuid, p_occurred_at timestamptz, p_detail text,
  OUT enough boolean, OUT replayed boolean, OUT included_drawn bigint, OUT credits_drawn bigint
) LANGUAGE plpgsql AS $$
DECLARE
  pool pools;
  lot record;
  drawn bigint;
  drawable numeric;
  outstanding bigint := p_amount;
  -- What has expired is gone, also for usage that is reported late.
  drawn_at timestamptz := greatest(p_occurred_at, now());
BEGIN
  IF p_amount <= 0 THEN
    RAISE EXCEPTION 'usage must cost more than nothing' USING ERRCODE = 'invalid_parameter_value';
  END IF;
  SELECT * INTO STRICT pool FROM pools WHERE team_id = p_team AND id = p_pool FOR NO KEY UPDATE;

  SELECT coalesce(-sum(e.amount_nanos) FILTER (WHERE e.bucket = 'included'), 0),
         coalesce(-sum(e.amount_nanos) FILTER (WHERE e.bucket = 'credits'), 0), count(*) > 0
    INTO included_drawn, credits_drawn, replayed FROM entries e
    WHERE e.team_id = p_team AND e.cause_id = p_cause AND e.kind = 'consumption';
  IF replayed THEN
    IF included_drawn + credits_drawn <> p_amount THEN
      RAISE EXCEPTION 'usage % was drawn with another amount', p_cause USING ERRCODE = 'unique_violation';
    END IF;
    enough := true;
    RETURN;
  END IF;

  SELECT coalesce(sum(g.remaining_nanos), 0) INTO drawable FROM grants g
    WHERE g.team_id = p_team AND g.pool_id = p_pool AND g.remaining_nanos > 0
      AND (g.expires_at IS NULL OR g.expires_at > drawn_at);
  enough := drawable >= p_amount AND pool.debt_nanos = 0;
  IF NOT enough THEN RETURN; END IF;

  FOR lot IN SELECT g.id, g.kind, g.remaining_nanos FROM grants g
    WHERE g.team_id = p_team AND g.pool_id = p_pool AND g.remaining_nanos > 0
      AND (g.expires_at IS NULL OR g.expires_at > drawn_at)
    ORDER BY g.priority, g.expires_at NULLS LAST, g.id
  LOOP
    EXIT WHEN outstanding = 0;
    drawn := least(lot.remaining_nanos, outstanding);
    outstanding := outstanding - drawn;
    UPDATE grants SET remaining_nanos = remaining_nanos - drawn WHERE team_id = p_team AND id = lot.id;
    IF lot.kind = 'included' THEN included_drawn := included_drawn + drawn; ELSE credits_drawn := credits_drawn + drawn; END IF;
  END LOOP;

  INSERT INTO entries (team_id, pool_id, seq, bucket, kind, amount_nanos, balance_after_nanos, cause_id, detail, occurred_at)
    SELECT p_team, p_pool, pool.last_seq + row_number() OVER (ORDER BY move.bucket), move.bucket, 'consumption',
      -move.drawn, move.balance - move.drawn, p_cause, p_detail, p_occurred_at
    FROM (VALUES ('included'::bucket, included_drawn, pool.included_nanos), ('credits'::bucket, credits_drawn, pool.credits_nanos))
      AS move (bucket, drawn, balance)
    WHERE move.drawn > 0;
END $$;
