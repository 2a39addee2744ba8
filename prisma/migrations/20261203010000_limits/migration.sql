-- What a member or a key may spend in a month, and what keys and schedules may draw from the Owner's credits.
CREATE TABLE spend_limits (
  team_id uuid NOT NULL REFERENCES teams,
  id uuid NOT NULL DEFAULT uuidv7(),
  kind text NOT NULL CHECK (kind IN ('member', 'api_key', 'owner')),
  member_id uuid,
  api_key_id uuid,
  amount_nanos bigint NOT NULL CHECK (amount_nanos >= 0),
  -- A hard limit refuses what exceeds it. A soft one is only told of.
  is_hard boolean NOT NULL,
  -- The month (UTC) in which spent_nanos was spent. Null until it is looked at for the first time.
  month date,
  spent_nanos bigint NOT NULL DEFAULT 0 CHECK (spent_nanos >= 0),
  -- What open holds set aside that were opened under the limit.
  held_nanos bigint NOT NULL DEFAULT 0 CHECK (held_nanos >= 0),
  told_percent smallint NOT NULL DEFAULT 0 CHECK (told_percent IN (0, 80, 100)),
  -- Null: nothing stops.
  stop_nanos bigint DEFAULT -1,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (team_id, id),
  FOREIGN KEY (team_id, member_id) REFERENCES members (team_id, id),
  FOREIGN KEY (team_id, api_key_id) REFERENCES api_keys (team_id, id),
  CONSTRAINT spend_limits_once UNIQUE NULLS NOT DISTINCT (team_id, kind, member_id, api_key_id),
  CONSTRAINT spend_limits_have_one_subject CHECK (
    (kind = 'member') = (member_id IS NOT NULL) AND (kind = 'api_key') = (api_key_id IS NOT NULL))
) WITH (fillfactor = 50);

-- What keys and schedules leave in the Owner's pool.
ALTER TABLE teams ADD COLUMN owner_reserve_nanos bigint NOT NULL DEFAULT 0 CHECK (owner_reserve_nanos >= 0);
-- The limits against which a hold counts.
ALTER TABLE holds ADD COLUMN limit_ids uuid[] NOT NULL DEFAULT '{}';

-- A member's and a key's usage of a month, whichever pool paid.
CREATE INDEX meters_member_idx ON meters (team_id, member_id) WHERE member_id IS NOT NULL;
CREATE INDEX meters_api_key_idx ON meters (team_id, api_key_id) WHERE api_key_id IS NOT NULL;
CREATE INDEX usage_days_meter_idx ON usage_days (team_id, meter_no, day);

DROP TRIGGER teams_change_metering ON teams;
DROP FUNCTION ledger_spend(uuid, bigint, timestamptz, spend_pool[], uuid[], spend_row[]);

-- The spending of one limit in one of ledger_spend's pools, which is its place from 1. A hold had set aside the covered part.
CREATE TYPE spend_limit AS (pool integer, id uuid, amount_nanos bigint, covered_nanos bigint);

-- Returns up to where spends count against a limit without looking at it: short of the next figure that people are told
-- of (80%, then all of it), and from there to a hard limit itself. Null: a soft limit stops nobody then.
CREATE OR REPLACE FUNCTION spend_limit_stop(p_amount bigint, p_is_hard boolean, p_told smallint) RETURNS bigint
LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE
    WHEN p_told < 80 THEN ceil(p_amount::numeric * 80 / 100)::bigint - 1
    WHEN p_told < 100 THEN p_amount - 1
    WHEN p_is_hard THEN p_amount
  END
$$;

-- Returns whether usage by this meter counts against a limit: a member's or a key's own usage, and for the Owner's
-- protection what keys, schedules and products without a known person start.
CREATE OR REPLACE FUNCTION spend_limit_counts(l spend_limits, m meters) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE l.kind
    WHEN 'member' THEN coalesce(l.member_id = m.member_id, false)
    WHEN 'api_key' THEN coalesce(l.api_key_id = m.api_key_id, false)
    ELSE m.trigger IN ('api_key', 'schedule') OR (m.trigger = 'integration' AND m.member_id IS NULL)
  END
$$;

-- Returns the cost, beyond allowances, of the usage of a month's days that counts against a limit (spend_limit_counts).
CREATE OR REPLACE FUNCTION spend_limit_spent(l spend_limits, p_month date) RETURNS bigint LANGUAGE sql STABLE AS $$
  SELECT coalesce(sum(d.included_nanos + d.credits_nanos), 0)::bigint
  FROM (
    SELECT m.no FROM meters m WHERE m.team_id = l.team_id AND l.kind = 'member' AND m.member_id = l.member_id
    UNION ALL SELECT m.no FROM meters m WHERE m.team_id = l.team_id AND l.kind = 'api_key' AND m.api_key_id = l.api_key_id
    UNION ALL SELECT m.no FROM meters m WHERE m.team_id = l.team_id AND l.kind = 'owner' AND spend_limit_counts(l, m)
  ) counted
  JOIN usage_days d ON d.team_id = l.team_id AND d.meter_no = counted.no AND d.day >= p_month
$$;

-- Returns limits with what was spent of them in the month of p_now: as it is now or, locked, as it stays until the
-- transaction ends. A lock comes after those of the pools. A limit that was just made begins with the cost of the usage of
-- the month's days. Nothing may be spent of one that wasn't looked at this month (stop_nanos).
CREATE OR REPLACE FUNCTION ledger_read_limits(p_team uuid, p_ids uuid[], p_now timestamptz, p_lock boolean)
RETURNS TABLE (
  id uuid, kind text, amount_nanos bigint, is_hard boolean, spent_nanos bigint, held_nanos bigint, told_percent smallint,
  stop_nanos bigint
) LANGUAGE plpgsql AS $$
DECLARE
  this_month date := date_trunc('month', p_now AT TIME ZONE 'UTC')::date;
BEGIN
  IF p_lock THEN
    PERFORM 1 FROM spend_limits l WHERE l.team_id = p_team AND l.id = ANY (p_ids) ORDER BY l.id FOR NO KEY UPDATE;
    UPDATE spend_limits l SET month = this_month, told_percent = 0, stop_nanos = spend_limit_stop(l.amount_nanos, l.is_hard, 0::smallint),
        spent_nanos = CASE WHEN l.month IS NULL THEN spend_limit_spent(l, this_month) ELSE 0 END
      WHERE l.team_id = p_team AND l.id = ANY (p_ids) AND (l.month IS NULL OR l.month < this_month);
  END IF;
  RETURN QUERY SELECT l.id, l.kind, l.amount_nanos, l.is_hard,
      CASE WHEN l.month IS NULL THEN spend_limit_spent(l, this_month) WHEN l.month < this_month THEN 0 ELSE l.spent_nanos END,
      l.held_nanos, CASE WHEN l.month >= this_month THEN l.told_percent ELSE 0::smallint END,
      CASE WHEN l.month >= this_month THEN l.stop_nanos ELSE -1 END
    FROM spend_limits l WHERE l.team_id = p_team AND l.id = ANY (p_ids);
END $$;

-- Notes on a new hold the limits that it counts against, so that what it gives back later leaves the same ones.
CREATE OR REPLACE FUNCTION holds_name_limits() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.limit_ids := ARRAY(
    SELECT l.id FROM spend_limits l JOIN meters m ON m.team_id = NEW.team_id AND m.no = NEW.meter_no
    WHERE l.team_id = NEW.team_id AND spend_limit_counts(l, m) ORDER BY l.id);
  RETURN NEW;
END $$;

-- Counts what a hold sets aside against its limits, and no longer what it gives back.
CREATE OR REPLACE FUNCTION holds_count_in_limits() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM 1 FROM spend_limits l WHERE l.team_id = NEW.team_id AND l.id = ANY (NEW.limit_ids) ORDER BY l.id FOR NO KEY UPDATE;
  UPDATE spend_limits l SET held_nanos = l.held_nanos + NEW.left_nanos - CASE TG_OP WHEN 'INSERT' THEN 0 ELSE OLD.left_nanos END
    WHERE l.team_id = NEW.team_id AND l.id = ANY (NEW.limit_ids);
  RETURN NULL;
END $$;

-- Writes spends that were planned on one revision of each pool, and returns the pools in which they were written. A pool
-- that has changed since, or holds less than the caller believed, is left alone; for another version of the team nothing
-- at all is written, and neither is where a limit has to be looked at first (spend_limit_stop).
-- The rows of a pool come in the order in which they were planned; p_grants has the grants that pay, each once; p_limits is
-- in the order of the limits' ids. Entries,
-- grants, totals and daily totals all come from the same rows, so they can't differ.
-- The plans here are index look-ups of a handful of rows, whatever the tables' sizes, so the planner is told once.
CREATE OR REPLACE FUNCTION ledger_spend(
  p_team uuid, p_version bigint, p_now timestamptz, p_pools spend_pool[], p_grants uuid[], p_rows spend_row[],
  p_limits spend_limit[] DEFAULT '{}',
  OUT applied uuid[]
) LANGUAGE plpgsql
  SET ledger.writer = 'spend' SET plan_cache_mode = force_generic_plan
  SET enable_seqscan = off SET enable_nestloop = off SET enable_mergejoin = off AS $$
DECLARE
  moved record;
  spent spend_limit;
  -- By the pool's place in p_pools, null where nothing was written: the pool as it was before.
  ids uuid[] := array_fill(NULL::uuid, ARRAY[cardinality(p_pools)]);
  nos integer[] := array_fill(NULL::integer, ARRAY[cardinality(p_pools)]);
  seqs bigint[] := array_fill(NULL::bigint, ARRAY[cardinality(p_pools)]);
  counts bigint[] := seqs;
  credits bigint[] := seqs;
  included bigint[] := seqs;
  drawn_nanos bigint := 0;
  allowance_taken bigint := 0;
  written bigint;
BEGIN
  -- Locked in one order, so that two processes with the same pools wait for each other instead of locking each other out.
  IF cardinality(p_pools) > 1 THEN
    PERFORM 1 FROM pools p WHERE p.team_id = p_team AND p.id = ANY (ARRAY(SELECT s.id FROM unnest(p_pools) s))
      ORDER BY p.id FOR NO KEY UPDATE;
  END IF;

  FOR moved IN
    UPDATE pools p SET
      last_seq = p.last_seq + sums.entries, revision = p.revision + 1,
      credits_nanos = p.credits_nanos + sums.credits, included_nanos = p.included_nanos + sums.included,
      lifetime_spent_nanos = p.lifetime_spent_nanos - sums.credits,
      is_low = planned.is_low, is_depleted = planned.is_depleted
    FROM unnest(p_pools) WITH ORDINALITY planned
    JOIN (
      SELECT r.pool, count(*) AS entries,
        sum_nanos(r.amount_nanos) FILTER (WHERE r.bucket = 'credits') AS credits,
        sum_nanos(r.amount_nanos) FILTER (WHERE r.bucket = 'included') AS included,
        sum_nanos(r.allowance_quantity) AS allowance
      FROM unnest(p_rows) r GROUP BY r.pool
    ) sums ON sums.pool = planned.ordinality
    WHERE p.team_id = p_team AND p.id = ANY (ARRAY(SELECT s.id FROM unnest(p_pools) s))
      AND p.id = planned.id AND p.revision = planned.revision
      AND p_version = (SELECT t.metering_version FROM teams t WHERE t.id = p_team)
      -- Whatever the caller believed, nobody spends what is held, nor anything while there is a debt of a cent.
      AND (sums.credits + sums.included = 0 OR (
        p.debt_nanos < nanos_per_cent()
        AND p.credits_nanos + p.included_nanos + sums.credits + sums.included >= p.held_nanos))
    RETURNING sums.pool, sums.entries, sums.credits + sums.included AS drawn, sums.allowance,
      p.id, p.no, old.last_seq, old.credits_nanos, old.included_nanos
  LOOP
    ids[moved.pool] := moved.id;
    nos[moved.pool] := moved.no;
    seqs[moved.pool] := moved.last_seq;
    counts[moved.pool] := moved.entries;
    credits[moved.pool] := moved.credits_nanos;
    included[moved.pool] := moved.included_nanos;
    drawn_nanos := drawn_nanos + moved.drawn;
    allowance_taken := allowance_taken + moved.allowance;
  END LOOP;
  applied := array_remove(ids, NULL);
  IF applied = '{}' THEN RETURN; END IF;

  -- In the order of their ids, after the pools, for the same reason.
  FOREACH spent IN ARRAY p_limits LOOP
    CONTINUE WHEN seqs[spent.pool] IS NULL;
    UPDATE spend_limits l SET spent_nanos = l.spent_nanos + spent.amount_nanos
      WHERE l.team_id = p_team AND l.id = spent.id
        AND l.month >= date_trunc('month', p_now AT TIME ZONE 'UTC')::date
        -- A limit that was lowered since refuses nothing of what a hold had set aside.
        AND (l.stop_nanos IS NULL OR spent.amount_nanos <= spent.covered_nanos
          OR l.spent_nanos + l.held_nanos + spent.amount_nanos - spent.covered_nanos <= l.stop_nanos);
    IF NOT FOUND THEN
      RAISE EXCEPTION 'a limit has to be looked at before this is spent'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'spend_limits_stop';
    END IF;
  END LOOP;

  INSERT INTO entries (
    team_id, seq, amount_nanos, balance_after_nanos, created_at, usage_key, quantity, usage_print, pool_no, bucket, kind,
    meter_no, grant_no, pieces, allowance_quantity, held_nanos, reported_at, metadata
  )
    SELECT p_team, seqs[r.pool] + row_number() OVER before, r.amount_nanos,
      CASE r.bucket
        WHEN 'credits'
          THEN credits[r.pool] + sum_nanos(CASE r.bucket WHEN 'credits' THEN r.amount_nanos ELSE 0 END) OVER before
        ELSE included[r.pool] + sum_nanos(CASE r.bucket WHEN 'credits' THEN 0 ELSE r.amount_nanos END) OVER before
      END,
      p_now, r.usage_key, r.quantity, r.usage_print, nos[r.pool], r.bucket, 'consumption',
      r.meter_no, r.grant_no, r.pieces, r.allowance_quantity, r.held_nanos, r.reported_at, r.metadata
    FROM unnest(p_rows) WITH ORDINALITY r
    WHERE seqs[r.pool] IS NOT NULL
    WINDOW before AS (PARTITION BY r.pool ORDER BY r.ordinality ROWS UNBOUNDED PRECEDING);

  WITH reduced AS (
    UPDATE grants g SET
      remaining_nanos = g.remaining_nanos + drawn.amount_nanos, is_open = g.remaining_nanos + drawn.amount_nanos > 0
    FROM (
      SELECT r.pool, r.grant_no, sum_nanos(r.amount_nanos) AS amount_nanos
      FROM unnest(p_rows) r WHERE seqs[r.pool] IS NOT NULL AND r.grant_no IS NOT NULL GROUP BY r.pool, r.grant_no
    ) drawn
    WHERE g.team_id = p_team AND g.id = ANY (p_grants) AND g.pool_id = ids[drawn.pool] AND g.no = drawn.grant_no
      AND (g.expires_at IS NULL OR g.expires_at > p_now)
    RETURNING drawn.amount_nanos
  ) SELECT sum_nanos(amount_nanos) INTO written FROM reduced;
  IF written <> drawn_nanos THEN
    RAISE EXCEPTION 'a spend names a grant that its pool doesn''t have, or no longer'
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;

  IF allowance_taken > 0 THEN
    WITH reduced AS (
      UPDATE allowances a SET used = a.used + taken.quantity
      FROM (
        SELECT r.pool, m.consumable, sum_nanos(r.allowance_quantity) AS quantity
        FROM unnest(p_rows) r JOIN meters m ON m.team_id = p_team AND m.no = r.meter_no
        WHERE seqs[r.pool] IS NOT NULL AND r.allowance_quantity > 0 GROUP BY r.pool, m.consumable
      ) taken
      JOIN pools p ON p.team_id = p_team AND p.id = ids[taken.pool]
      WHERE a.team_id = p_team AND a.pool_id = p.id AND a.period_starts_at = p.period_starts_at
        AND a.consumable = taken.consumable
      RETURNING taken.quantity
    ) SELECT sum_nanos(quantity) INTO written FROM reduced;
    IF written <> allowance_taken THEN
      RAISE EXCEPTION 'a spend names an allowance that its pool doesn''t have'
        USING ERRCODE = 'integrity_constraint_violation';
    END IF;
  END IF;

  INSERT INTO usage_days AS d (
    team_id, pool_id, day, meter_no, records, quantity, allowance_quantity, included_nanos, credits_nanos, first_seq, last_seq
  )
    SELECT p_team, ids[r.pool], (coalesce(r.reported_at, p_now) AT TIME ZONE 'UTC')::date, r.meter_no,
      count(r.quantity), sum_nanos(r.quantity), sum_nanos(r.allowance_quantity),
      -sum_nanos(r.amount_nanos) FILTER (WHERE r.bucket = 'included'),
      -sum_nanos(r.amount_nanos) FILTER (WHERE r.bucket = 'credits'),
      seqs[r.pool] + 1, seqs[r.pool] + counts[r.pool]
    FROM unnest(p_rows) r
    WHERE seqs[r.pool] IS NOT NULL
    GROUP BY r.pool, r.meter_no, (coalesce(r.reported_at, p_now) AT TIME ZONE 'UTC')::date
    ON CONFLICT (team_id, pool_id, day, meter_no) DO UPDATE SET
      records = d.records + excluded.records, quantity = d.quantity + excluded.quantity,
      allowance_quantity = d.allowance_quantity + excluded.allowance_quantity,
      included_nanos = d.included_nanos + excluded.included_nanos, credits_nanos = d.credits_nanos + excluded.credits_nanos,
      last_seq = excluded.last_seq;
END $$;

-- A team's plan, threshold, reserve, anchor and end hold from the next request.
CREATE TRIGGER teams_change_metering BEFORE UPDATE ON teams
  FOR EACH ROW
  WHEN ((OLD.plan, OLD.low_balance_threshold_nanos, OLD.owner_reserve_nanos, OLD.period_anchor, OLD.deleted_at) IS DISTINCT FROM
    (NEW.plan, NEW.low_balance_threshold_nanos, NEW.owner_reserve_nanos, NEW.period_anchor, NEW.deleted_at))
  EXECUTE FUNCTION teams_change_metering();

-- A hold counts against the limits that there are when it is opened.
CREATE TRIGGER holds_name_limits BEFORE INSERT ON holds
  FOR EACH ROW EXECUTE FUNCTION holds_name_limits();

-- Credits that a new hold sets aside count against its limits.
CREATE TRIGGER holds_open_in_limits AFTER INSERT ON holds
  FOR EACH ROW WHEN (NEW.limit_ids <> '{}') EXECUTE FUNCTION holds_count_in_limits();

-- Credits that a hold gives back no longer count against its limits.
CREATE TRIGGER holds_settle_in_limits AFTER UPDATE OF left_nanos ON holds
  FOR EACH ROW WHEN (NEW.limit_ids <> '{}' AND NEW.left_nanos <> OLD.left_nanos) EXECUTE FUNCTION holds_count_in_limits();

-- A limit that was made or removed holds from the next request.
CREATE TRIGGER spend_limits_change_metering AFTER INSERT OR DELETE ON spend_limits
  FOR EACH ROW EXECUTE FUNCTION team_parts_change_metering();

-- A limit's new amount holds from the next request.
CREATE TRIGGER spend_limits_change_metering_terms AFTER UPDATE OF amount_nanos, is_hard ON spend_limits
  FOR EACH ROW WHEN ((OLD.amount_nanos, OLD.is_hard) IS DISTINCT FROM (NEW.amount_nanos, NEW.is_hard))
  EXECUTE FUNCTION team_parts_change_metering();
