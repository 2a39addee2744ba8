-- Writes spends that were planned on one revision of each pool, and returns the places of the pools in which they
-- were written. A pool that has changed since, or holds less than the caller believed, is left alone; for another
-- version of the team nothing at all is written.
-- Amounts are negative. The rows of a pool come in the order in which they were planned. Entries, grants, totals and
-- daily totals all come from the same rows, so they can't differ.
-- The plans here are index look-ups of a handful of rows, whatever the tables' sizes, so the planner is told once.
CREATE OR REPLACE FUNCTION ledger_spend(
  p_team uuid, p_version bigint, p_now timestamptz,
  p_pools uuid[], p_revisions bigint[], p_low boolean[], p_depleted boolean[],
  p_grants uuid[], p_grant_nos integer[],
  e_pool integer[], e_bucket bucket[], e_amount bigint[], e_grant integer[], e_meter integer[],
  e_quantity bigint[], e_key bigint[], e_print integer[],
  e_pieces smallint[], e_allowance bigint[], e_held bigint[], e_reported timestamptz[], e_metadata jsonb[],
  OUT applied integer[]
) LANGUAGE plpgsql
  SET ledger.writer = 'spend' SET plan_cache_mode = force_generic_plan
  SET enable_seqscan = off SET enable_nestloop = off SET enable_mergejoin = off AS $$
DECLARE
  moved record;
  seqs bigint[] := array_fill(NULL::bigint, ARRAY[cardinality(p_pools)]);
  counts bigint[] := seqs;
  credits bigint[] := seqs;
  included bigint[] := seqs;
  nos integer[] := array_fill(NULL::integer, ARRAY[cardinality(p_pools)]);
  written integer;
BEGIN
  -- Locked in one order, so that two processes with the same pools wait for each other instead of locking each other out.
  IF cardinality(p_pools) > 1 THEN
    PERFORM 1 FROM pools p WHERE p.team_id = p_team AND p.id = ANY (p_pools) ORDER BY p.id FOR NO KEY UPDATE;
  END IF;

  FOR moved IN
    UPDATE pools p SET
      last_seq = p.last_seq + sums.entries, revision = p.revision + 1,
      credits_nanos = p.credits_nanos + sums.credits, included_nanos = p.included_nanos + sums.included,
      lifetime_spent_nanos = p.lifetime_spent_nanos - sums.credits,
      is_low = p_low[sums.pool], is_depleted = p_depleted[sums.pool]
    FROM (
      SELECT e.pool, count(*) AS entries,
        coalesce(sum_nanos(e.amount) FILTER (WHERE e.bucket = 'credits'), 0) AS credits,
        coalesce(sum_nanos(e.amount) FILTER (WHERE e.bucket = 'included'), 0) AS included
      FROM unnest(e_pool, e_bucket, e_amount) AS e (pool, bucket, amount) GROUP BY e.pool
    ) sums
    WHERE p.team_id = p_team AND p.id = ANY (p_pools) AND p.id = p_pools[sums.pool] AND p.revision = p_revisions[sums.pool]
      AND p_version = (SELECT t.metering_version FROM teams t WHERE t.id = p_team)
      -- Whatever the caller believed, nobody spends what is held, nor anything while there is a debt of a cent.
      AND (sums.credits + sums.included = 0
        OR (p.debt_nanos < nanos_per_cent() AND p.credits_nanos + p.included_nanos + sums.credits + sums.included >= p.held_nanos))
    RETURNING sums.pool, sums.entries, p.no, old.last_seq, old.credits_nanos, old.included_nanos
  LOOP
    seqs[moved.pool] := moved.last_seq;
    counts[moved.pool] := moved.entries;
    credits[moved.pool] := moved.credits_nanos;
    included[moved.pool] := moved.included_nanos;
    nos[moved.pool] := moved.no;
    applied := applied || moved.pool;
  END LOOP;
  IF applied IS NULL THEN RETURN; END IF;

  INSERT INTO entries (
    team_id, seq, amount_nanos, balance_after_nanos, created_at, usage_key, quantity, usage_print, pool_no, bucket, kind,
    meter_no, grant_no, pieces, allowance_quantity, held_nanos, reported_at, metadata
  )
    SELECT p_team, seqs[e.pool] + row_number() OVER before, e.amount,
      CASE e.bucket
        WHEN 'credits' THEN credits[e.pool] + sum_nanos(CASE e.bucket WHEN 'credits' THEN e.amount ELSE 0 END) OVER before
        ELSE included[e.pool] + sum_nanos(CASE e.bucket WHEN 'credits' THEN 0 ELSE e.amount END) OVER before
      END,
      p_now, e.key, e.quantity, e.print, nos[e.pool], e.bucket, 'consumption',
      e.meter, p_grant_nos[e.grant_place],
      e.pieces, e.allowance, e.held, e.reported, e.metadata
    FROM unnest(
      e_pool, e_bucket, e_amount, e_grant, e_meter, e_quantity, e_key, e_print, e_pieces, e_allowance, e_held, e_reported, e_metadata
    ) WITH ORDINALITY AS e (
      pool, bucket, amount, grant_place, meter, quantity, key, print, pieces, allowance, held, reported, metadata, place
    )
    WHERE seqs[e.pool] IS NOT NULL
    WINDOW before AS (PARTITION BY e.pool ORDER BY e.place ROWS UNBOUNDED PRECEDING);

  UPDATE grants g SET remaining_nanos = g.remaining_nanos + drawn.amount, is_open = g.remaining_nanos + drawn.amount > 0
    FROM (
      SELECT e.grant_place, e.pool, sum_nanos(e.amount) AS amount
      FROM unnest(e_pool, e_grant, e_amount) AS e (pool, grant_place, amount)
      WHERE seqs[e.pool] IS NOT NULL AND e.grant_place IS NOT NULL GROUP BY e.grant_place, e.pool
    ) drawn
    WHERE g.team_id = p_team AND g.id = ANY (p_grants) AND g.id = p_grants[drawn.grant_place] AND g.pool_id = p_pools[drawn.pool]
      AND g.no = p_grant_nos[drawn.grant_place] AND (g.expires_at IS NULL OR g.expires_at > p_now);
  GET DIAGNOSTICS written = ROW_COUNT;
  IF (written <> cardinality(p_grants) OR cardinality(applied) <> cardinality(p_pools)) AND written <> (
    SELECT count(DISTINCT e.grant_place) FROM unnest(e_pool, e_grant) AS e (pool, grant_place) WHERE seqs[e.pool] IS NOT NULL
  ) THEN
    RAISE EXCEPTION 'a spend names a grant that its pool doesn''t have, or no longer' USING ERRCODE = 'integrity_constraint_violation';
  END IF;

  IF e_allowance IS NOT NULL THEN
    UPDATE allowances a SET used = a.used + taken.quantity
      FROM (
        SELECT e.pool, m.consumable, sum_nanos(e.allowance) AS quantity
        FROM unnest(e_pool, e_meter, e_allowance) AS e (pool, meter, allowance)
        JOIN meters m ON m.team_id = p_team AND m.no = e.meter
        WHERE seqs[e.pool] IS NOT NULL AND e.allowance > 0 GROUP BY e.pool, m.consumable
      ) taken
      JOIN pools p ON p.team_id = p_team AND p.id = p_pools[taken.pool]
      WHERE a.team_id = p_team AND a.pool_id = p.id AND a.period_starts_at = p.period_starts_at AND a.consumable = taken.consumable;
    GET DIAGNOSTICS written = ROW_COUNT;
    IF written <> (
      SELECT count(DISTINCT (e.pool, m.consumable)) FROM unnest(e_pool, e_meter, e_allowance) AS e (pool, meter, allowance)
      JOIN meters m ON m.team_id = p_team AND m.no = e.meter WHERE seqs[e.pool] IS NOT NULL AND e.allowance > 0
    ) THEN
      RAISE EXCEPTION 'a spend names an allowance that its pool doesn''t have' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
  END IF;

  INSERT INTO usage_days AS d (
    team_id, pool_id, day, meter_no, records, quantity, allowance_quantity, included_nanos, credits_nanos, first_seq, last_seq
  )
    SELECT p_team, p_pools[e.pool], (coalesce(e.reported, p_now) AT TIME ZONE 'UTC')::date, e.meter,
      count(e.quantity), coalesce(sum_nanos(e.quantity), 0), coalesce(sum_nanos(e.allowance), 0),
      -coalesce(sum_nanos(e.amount) FILTER (WHERE e.bucket = 'included'), 0),
      -coalesce(sum_nanos(e.amount) FILTER (WHERE e.bucket = 'credits'), 0),
      seqs[e.pool] + 1, seqs[e.pool] + counts[e.pool]
    FROM unnest(e_pool, e_bucket, e_meter, e_quantity, e_amount, e_allowance, e_reported)
      AS e (pool, bucket, meter, quantity, amount, allowance, reported)
    WHERE seqs[e.pool] IS NOT NULL
    GROUP BY e.pool, e.meter, (coalesce(e.reported, p_now) AT TIME ZONE 'UTC')::date
    ON CONFLICT (team_id, pool_id, day, meter_no) DO UPDATE SET
      records = d.records + excluded.records, quantity = d.quantity + excluded.quantity,
      allowance_quantity = d.allowance_quantity + excluded.allowance_quantity,
      included_nanos = d.included_nanos + excluded.included_nanos, credits_nanos = d.credits_nanos + excluded.credits_nanos,
      last_seq = excluded.last_seq;
END $$;
