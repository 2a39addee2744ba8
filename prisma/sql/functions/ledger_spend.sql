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
