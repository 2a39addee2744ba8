-- Credits that a reversal of usage gives back.
ALTER TYPE entry_kind ADD VALUE 'consumption_reversal' AFTER 'consumption';

-- A usage record that was reported by mistake, taken back as a whole or in part.
CREATE TABLE usage_reversals (
  team_id uuid NOT NULL REFERENCES teams,
  id uuid NOT NULL DEFAULT uuidv7(),
  pool_id uuid NOT NULL,
  -- The record's own key, as its entry has it.
  usage_key bigint NOT NULL,
  meter_no integer NOT NULL,
  -- The part of the record that was left, and how much of that was taken back. Each reversal goes on where the one before ended.
  quantity_before bigint NOT NULL,
  quantity bigint NOT NULL,
  -- Units of the allowance that came back, and how many of them nobody can use now: their period is over, or isn't paid.
  allowance_quantity bigint NOT NULL CHECK (allowance_quantity BETWEEN 0 AND quantity),
  allowance_expired bigint NOT NULL CHECK (allowance_expired BETWEEN 0 AND allowance_quantity),
  -- The credits that came back to each bucket; how much of them repaid debt, and how much expired again at once.
  included_nanos bigint NOT NULL CHECK (included_nanos >= 0),
  credits_nanos bigint NOT NULL CHECK (credits_nanos >= 0),
  repaid_nanos bigint NOT NULL CHECK (repaid_nanos BETWEEN 0 AND credits_nanos),
  expired_nanos bigint NOT NULL CHECK (expired_nanos BETWEEN 0 AND included_nanos + credits_nanos - repaid_nanos),
  -- The pool afterwards, for the first answer again.
  balance_nanos bigint NOT NULL,
  available_nanos bigint NOT NULL,
  request_key text NOT NULL CHECK (length(request_key) BETWEEN 1 AND 300),
  request_print text NOT NULL,
  reason text NOT NULL CHECK (length(reason) BETWEEN 1 AND 200),
  api_key_id uuid,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (team_id, id),
  FOREIGN KEY (team_id, pool_id) REFERENCES pools (team_id, id),
  FOREIGN KEY (team_id, meter_no) REFERENCES meters (team_id, no),
  FOREIGN KEY (team_id, api_key_id) REFERENCES api_keys (team_id, id),
  CONSTRAINT usage_reversals_once_per_request UNIQUE (team_id, request_key),
  -- Two that take from the same remainder can't both be.
  CONSTRAINT usage_reversals_follow_each_other UNIQUE (team_id, usage_key, quantity_before),
  CONSTRAINT usage_reversals_at_most_the_record CHECK (quantity BETWEEN 1 AND quantity_before)
);
CREATE INDEX usage_reversals_pool_idx ON usage_reversals (team_id, pool_id);

-- The credits that a reversal gave back to one of the grants that had paid.
CREATE TABLE usage_reversal_parts (
  team_id uuid NOT NULL,
  reversal_id uuid NOT NULL,
  grant_no integer NOT NULL,
  amount_nanos bigint NOT NULL CHECK (amount_nanos > 0),
  repaid_nanos bigint NOT NULL,
  expired_nanos bigint NOT NULL,
  PRIMARY KEY (team_id, reversal_id, grant_no),
  FOREIGN KEY (team_id, reversal_id) REFERENCES usage_reversals (team_id, id),
  CHECK (repaid_nanos >= 0 AND expired_nanos >= 0 AND repaid_nanos + expired_nanos <= amount_nanos)
);

-- A key that was made before doesn't have the new scope.
ALTER TABLE api_keys DROP CONSTRAINT api_keys_scopes_known, ADD CONSTRAINT api_keys_scopes_known CHECK (
  scopes <@ '{usage:write,usage:reverse,balance:read,transactions:read,agent:run}'::text[] AND cardinality(scopes) > 0
);

-- Returns the price of a quantity by a meter: the part beyond the allowance x the rate, rounded half up once, to the nano.
CREATE OR REPLACE FUNCTION meter_cost(m meters, p_quantity bigint, p_allowance bigint) RETURNS bigint LANGUAGE sql IMMUTABLE AS $$
  SELECT div(2 * greatest(p_quantity - p_allowance, 0)::numeric * m.rate_nanos + 10::numeric ^ m.decimals, 2 * 10::numeric ^ m.decimals)::bigint
$$;

-- Returns the cause of an expiry of a grant: the grant itself. One that was written off before and got credits back since
-- expires once more, and a cause moves a bucket once.
CREATE OR REPLACE FUNCTION ledger_expiry_cause(p_team uuid, p_grant uuid) RETURNS uuid LANGUAGE sql AS $$
  SELECT CASE WHEN EXISTS (
    SELECT 1 FROM entries e WHERE e.team_id = p_team AND e.cause_id = p_grant AND e.kind = 'expiry'
  ) THEN uuidv7() ELSE p_grant END
$$;

-- Writes off what time has ended: holds that ran out, and what is left of grants that expired. Returns whether there
-- was any.
CREATE OR REPLACE FUNCTION ledger_expire(p_team uuid, p_pool uuid, p_now timestamptz) RETURNS boolean
LANGUAGE plpgsql SET ledger.writer = 'expire' AS $$
DECLARE
  pool pools;
  lot record;
  target bucket;
  balance bigint;
  freed bigint;
  changed boolean := false;
BEGIN
  SELECT * INTO STRICT pool FROM pools WHERE team_id = p_team AND id = p_pool FOR NO KEY UPDATE;

  WITH ended AS (
    UPDATE holds h SET status = 'expired', left_nanos = 0, settled_at = p_now
    WHERE h.team_id = p_team AND h.pool_id = p_pool AND h.status = 'open' AND h.expires_at <= p_now
    RETURNING old.left_nanos
  ) SELECT sum_nanos(left_nanos) INTO freed FROM ended HAVING count(*) > 0;
  IF freed IS NOT NULL THEN
    changed := true;
    UPDATE pools p SET held_nanos = p.held_nanos - freed, revision = p.revision + 1,
        holds_expire_at = (
          SELECT min(h.expires_at) FROM holds h
          WHERE h.team_id = p_team AND h.pool_id = p_pool AND h.status = 'open')
      WHERE p.team_id = p_team AND p.id = p_pool;
  END IF;

  FOR lot IN SELECT g.* FROM grants g
    WHERE g.team_id = p_team AND g.pool_id = p_pool AND g.is_open AND g.expires_at <= p_now
    ORDER BY g.priority, g.expires_at, g.id
  LOOP
    changed := true;
    target := CASE WHEN lot.kind = 'included' THEN 'included' ELSE 'credits' END;
    UPDATE pools p SET last_seq = p.last_seq + 1, revision = p.revision + 1,
        included_nanos = p.included_nanos - CASE target WHEN 'included' THEN lot.remaining_nanos ELSE 0 END,
        credits_nanos = p.credits_nanos - CASE target WHEN 'credits' THEN lot.remaining_nanos ELSE 0 END
      WHERE p.team_id = p_team AND p.id = p_pool RETURNING * INTO pool;
    balance := CASE target WHEN 'included' THEN pool.included_nanos ELSE pool.credits_nanos END;
    INSERT INTO entries (
      team_id, pool_no, seq, bucket, kind, amount_nanos, balance_after_nanos,
      created_at, cause_id, grant_no, reported_at
    )
      VALUES (
        p_team, pool.no, pool.last_seq, target, 'expiry', -lot.remaining_nanos, balance,
        p_now, ledger_expiry_cause(p_team, lot.id), lot.no, lot.expires_at
      );
    UPDATE grants g SET remaining_nanos = 0, is_open = false WHERE g.team_id = p_team AND g.id = lot.id;
  END LOOP;
  IF changed THEN PERFORM ledger_rearm(p_team, p_pool); END IF;
  RETURN changed;
END $$;

-- Ends a pool's present billing period early, because another has been paid for: what is left of its included credits
-- expires now. Returns false if no period of the pool goes on after this instant.
CREATE OR REPLACE FUNCTION ledger_end_period(p_team uuid, p_pool uuid, p_at timestamptz, p_now timestamptz) RETURNS boolean
LANGUAGE plpgsql SET ledger.writer = 'period' AS $$
DECLARE
  pool pools;
  lot record;
BEGIN
  SELECT * INTO STRICT pool FROM pools WHERE team_id = p_team AND id = p_pool FOR NO KEY UPDATE;
  IF pool.period_starts_at IS NULL OR p_at <= pool.period_starts_at OR p_at >= pool.period_ends_at THEN RETURN false; END IF;
  PERFORM ledger_expire(p_team, p_pool, p_now);
  FOR lot IN SELECT g.* FROM grants g
    WHERE g.team_id = p_team AND g.pool_id = p_pool AND g.is_open AND g.kind = 'included' ORDER BY g.expires_at, g.id
  LOOP
    UPDATE pools p SET last_seq = p.last_seq + 1, revision = p.revision + 1,
        included_nanos = p.included_nanos - lot.remaining_nanos
      WHERE p.team_id = p_team AND p.id = p_pool RETURNING * INTO pool;
    INSERT INTO entries (
      team_id, pool_no, seq, bucket, kind, amount_nanos, balance_after_nanos,
      created_at, cause_id, grant_no, reported_at
    )
      VALUES (
        p_team, pool.no, pool.last_seq, 'included', 'expiry', -lot.remaining_nanos, pool.included_nanos,
        p_now, ledger_expiry_cause(p_team, lot.id), lot.no, p_at
      );
    UPDATE grants g SET remaining_nanos = 0, is_open = false WHERE g.team_id = p_team AND g.id = lot.id;
  END LOOP;
  UPDATE periods d SET ends_at = p_at
    WHERE d.team_id = p_team AND d.pool_id = p_pool AND d.starts_at = pool.period_starts_at;
  UPDATE pools p SET period_ends_at = p_at, revision = p.revision + 1, withheld_nanos = 0
    WHERE p.team_id = p_team AND p.id = p_pool;
  RETURN true;
END $$;

-- Takes what is unused of what a pool's present period gave, and notes it together with what the period never gave.
-- Returns false if there is no such period, or if it is withheld already, for whatever reason.
CREATE OR REPLACE FUNCTION ledger_withhold_period(
  p_team uuid, p_pool uuid, p_id uuid, p_why withheld, p_only_raised boolean,
  p_keep_consumables text[], p_keep_quantities bigint[],
  p_not_given bigint, p_consumables text[], p_quantities bigint[], p_now timestamptz
) RETURNS boolean LANGUAGE plpgsql SET ledger.writer = 'period' AS $$
DECLARE
  pool pools;
  lot record;
  taken bigint := 0;
  names text[];
  amounts bigint[];
BEGIN
  SELECT * INTO STRICT pool FROM pools WHERE team_id = p_team AND id = p_pool FOR NO KEY UPDATE;
  IF pool.period_starts_at IS NULL OR pool.period_ends_at <= p_now THEN RETURN false; END IF;
  UPDATE period_withholdings w SET why = p_why
    WHERE w.team_id = p_team AND w.pool_id = p_pool AND w.period_starts_at = pool.period_starts_at
      AND w.returned_at IS NULL AND w.why <> p_why;
  IF EXISTS (SELECT 1 FROM period_withholdings w
    WHERE w.team_id = p_team AND w.pool_id = p_pool AND w.period_starts_at = pool.period_starts_at
      AND w.returned_at IS NULL)
  THEN RETURN false; END IF;
  PERFORM ledger_expire(p_team, p_pool, p_now);
  FOR lot IN SELECT g.* FROM grants g
    WHERE g.team_id = p_team AND g.pool_id = p_pool AND g.is_open AND g.kind = 'included' AND (NOT p_only_raised OR EXISTS (
      SELECT 1 FROM plan_changes c WHERE c.team_id = p_team AND c.pool_id = p_pool AND c.id = g.cause_id))
    ORDER BY g.expires_at, g.id
  LOOP
    taken := taken + lot.remaining_nanos;
    UPDATE pools p SET last_seq = p.last_seq + 1, included_nanos = p.included_nanos - lot.remaining_nanos
      WHERE p.team_id = p_team AND p.id = p_pool RETURNING * INTO pool;
    INSERT INTO entries (
      team_id, pool_no, seq, bucket, kind, amount_nanos, balance_after_nanos,
      created_at, cause_id, grant_no, reported_at
    )
      VALUES (
        p_team, pool.no, pool.last_seq, 'included', 'expiry', -lot.remaining_nanos, pool.included_nanos,
        p_now, ledger_expiry_cause(p_team, lot.id), lot.no, p_now
      );
    UPDATE grants g SET remaining_nanos = 0, is_open = false WHERE g.team_id = p_team AND g.id = lot.id;
  END LOOP;
  WITH reduced AS (
    UPDATE allowances a SET granted = greatest(a.used, kept.quantity)
    FROM (
      SELECT b.consumable, coalesce(k.quantity, 0) AS quantity FROM allowances b
      LEFT JOIN unnest(p_keep_consumables, p_keep_quantities) AS k (consumable, quantity) ON k.consumable = b.consumable
      WHERE b.team_id = p_team AND b.pool_id = p_pool AND b.period_starts_at = pool.period_starts_at
    ) kept
    WHERE a.team_id = p_team AND a.pool_id = p_pool AND a.period_starts_at = pool.period_starts_at
      AND a.consumable = kept.consumable AND a.granted > greatest(a.used, kept.quantity)
    RETURNING a.consumable, old.granted - new.granted AS quantity
  ), withheld AS (
    SELECT consumable, sum_nanos(quantity) AS quantity FROM (
      SELECT * FROM reduced UNION ALL SELECT * FROM unnest(p_consumables, p_quantities) AS n (consumable, quantity)
    ) both_kinds GROUP BY consumable
  )
  SELECT coalesce(array_agg(consumable ORDER BY consumable), '{}'), coalesce(array_agg(quantity ORDER BY consumable), '{}')
    INTO names, amounts FROM withheld;
  INSERT INTO period_withholdings (
    team_id, id, pool_id, period_starts_at, why, only_raised,
    included_nanos, taken_nanos, consumables, quantities, created_at
  )
    VALUES (
      p_team, p_id, p_pool, pool.period_starts_at, p_why, p_only_raised,
      taken + p_not_given, taken, names, amounts, p_now
    );
  UPDATE pools p SET revision = p.revision + 1, withheld_nanos = taken + p_not_given WHERE p.team_id = p_team AND p.id = p_pool;
  RETURN true;
END $$;

-- Returns how much each grant paid of a usage record's cost, from one amount to another, counted from the end: the last grant
-- drawn first. starts_at is the period that gave included credits, by whichever of its events.
CREATE OR REPLACE FUNCTION ledger_usage_payments(p_pool pools, p_used entries, p_from bigint, p_to bigint)
RETURNS TABLE (
  id uuid, no integer, kind grant_kind, expires_at timestamptz, cause_id uuid, starts_at timestamptz, nanos bigint
) LANGUAGE sql STABLE AS $$
  SELECT g.id, g.no, g.kind, g.expires_at, g.cause_id, coalesce(
      (SELECT d.starts_at FROM periods d WHERE d.team_id = g.team_id AND d.id = g.cause_id),
      (SELECT c.period_starts_at FROM plan_changes c WHERE c.team_id = g.team_id AND c.id = g.cause_id),
      (SELECT w.period_starts_at FROM period_withholdings w WHERE w.team_id = g.team_id AND w.id = g.cause_id)
    ), least(p_to, paid.above) - greatest(p_from, paid.above - paid.nanos)
  FROM (
    SELECT e.seq, e.grant_no, -e.amount_nanos AS nanos, -sum_nanos(e.amount_nanos) OVER (ORDER BY e.seq DESC) AS above
    FROM entries e WHERE e.team_id = p_pool.team_id AND e.pool_no = p_pool.no AND e.bucket IN ('included', 'credits')
      AND e.seq BETWEEN p_used.seq AND p_used.seq + coalesce(p_used.pieces, 1) - 1
  ) paid
  JOIN grants g ON g.team_id = p_pool.team_id AND g.pool_id = p_pool.id AND g.no = paid.grant_no
  WHERE least(p_to, paid.above) > greatest(p_from, paid.above - paid.nanos)
  ORDER BY paid.seq DESC
$$;

-- Returns units of an allowance to the period that paid for usage written at p_used_at, and how many of them can be used
-- now: none of a period that is over, and of a withheld one as many as leave p_kept. The withholding gets the others.
-- The process that wrote the usage may have had another clock, so periods next to that time give what that one lacks.
CREATE OR REPLACE FUNCTION ledger_return_allowance(
  p_pool pools, p_withheld period_withholdings, p_consumable text, p_quantity bigint, p_kept bigint,
  p_used_at timestamptz, p_now timestamptz
) RETURNS bigint LANGUAGE plpgsql SET ledger.writer = 'reverse' AS $$
DECLARE
  allowance record;
  due bigint := p_quantity;
  units bigint;
  granted_now bigint;
  owed bigint;
  usable bigint := 0;
BEGIN
  FOR allowance IN
    SELECT a.period_starts_at, a.granted, a.used,
      a.period_starts_at = p_pool.period_starts_at AND p_pool.period_ends_at > p_now AS is_present
    FROM allowances a JOIN periods d ON d.team_id = a.team_id AND d.pool_id = a.pool_id AND d.starts_at = a.period_starts_at
    WHERE a.team_id = p_pool.team_id AND a.pool_id = p_pool.id AND a.consumable = p_consumable AND a.used > 0
    ORDER BY p_used_at >= d.starts_at AND p_used_at < d.ends_at DESC, abs(extract(epoch FROM p_used_at - d.starts_at))
  LOOP
    EXIT WHEN due = 0;
    units := least(allowance.used, due);
    due := due - units;
    granted_now := allowance.granted;
    IF allowance.is_present AND p_withheld.id IS NOT NULL THEN
      granted_now := least(allowance.granted, greatest(allowance.used - units, p_kept));
      -- Once the period itself is paid, all of it is granted anew, whatever is usable meanwhile.
      owed := CASE WHEN p_withheld.only_raised THEN allowance.granted - granted_now ELSE units END;
      UPDATE period_withholdings w SET (consumables, quantities) = (
          SELECT array_agg(n.consumable ORDER BY n.consumable), array_agg(n.quantity ORDER BY n.consumable) FROM (
            SELECT consumable, sum_nanos(quantity) AS quantity FROM (
              SELECT * FROM unnest(w.consumables, w.quantities) AS o (consumable, quantity) UNION ALL VALUES (p_consumable, owed)
            ) both_kinds GROUP BY consumable
          ) n)
        WHERE w.team_id = p_pool.team_id AND w.id = p_withheld.id AND owed > 0;
    END IF;
    UPDATE allowances a SET used = a.used - units, granted = granted_now
      WHERE a.team_id = p_pool.team_id AND a.pool_id = p_pool.id AND a.period_starts_at = allowance.period_starts_at
        AND a.consumable = p_consumable;
    IF allowance.is_present THEN usable := usable + units - (allowance.granted - granted_now); END IF;
  END LOOP;
  IF due > 0 THEN
    RAISE EXCEPTION 'usage that is reversed used an allowance that its pool doesn''t have'
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN usable;
END $$;

-- Takes the cost of reversed usage out of the limits that counted it, in the month for which they did. A limit that was made
-- later began with the usage of the month's days.
CREATE OR REPLACE FUNCTION ledger_uncount_usage(
  p_meter meters, p_written_at timestamptz, p_occurred_at timestamptz, p_amount bigint
) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  ids uuid[];
BEGIN
  SELECT array_agg(counted.id) INTO ids FROM (
    SELECT l.id FROM spend_limits l
    WHERE l.team_id = p_meter.team_id AND spend_limit_counts(l, p_meter) AND l.month = date_trunc('month',
      (CASE WHEN l.created_at > p_written_at THEN p_occurred_at ELSE p_written_at END) AT TIME ZONE 'UTC')::date
    ORDER BY l.id FOR NO KEY UPDATE
  ) counted;
  UPDATE spend_limits l SET spent_nanos = greatest(l.spent_nanos - p_amount, 0)
    WHERE l.team_id = p_meter.team_id AND l.id = ANY (ids);
END $$;

-- Reverses a usage record, or this quantity of it, as if it had been reported without: the pool keeps what the rest costs,
-- and the difference goes back to the grants that paid, the last one drawn first. Credits repay debt first. Included and
-- given credits whose time is over expire again at once, and what an unpaid period withholds gets what comes back to it.
-- Of a withheld allowance p_kept stays usable. Refuses to reverse more than is left of the record. Never makes a pool due.
CREATE OR REPLACE FUNCTION ledger_reverse_usage(
  p_team uuid, p_id uuid, p_pool uuid, p_usage_key bigint, p_quantity bigint, p_kept bigint,
  p_request_key text, p_request_print text, p_reason text, p_api_key uuid, p_now timestamptz
) RETURNS usage_reversals LANGUAGE plpgsql SET ledger.writer = 'reverse' AS $$
DECLARE
  pool pools;
  used entries;
  meter meters;
  withheld period_withholdings;
  part record;
  made usage_reversals;
  parts usage_reversal_parts[] := '{}';
  back usage_reversal_parts;
  charged bigint;
  kept_before bigint;
  kept_after bigint;
  is_withheld boolean;
  withheld_back bigint := 0;
  place bigint;
BEGIN
  SELECT * INTO STRICT pool FROM pools WHERE team_id = p_team AND id = p_pool FOR NO KEY UPDATE;
  SELECT * INTO STRICT used FROM entries e
    WHERE e.team_id = p_team AND e.usage_key = p_usage_key AND e.pool_no = pool.no AND e.meter_no IS NOT NULL;
  SELECT * INTO STRICT meter FROM meters m WHERE m.team_id = p_team AND m.no = used.meter_no;
  PERFORM ledger_expire(p_team, p_pool, p_now);
  SELECT * INTO pool FROM pools WHERE team_id = p_team AND id = p_pool;
  IF pool.period_ends_at > p_now THEN
    SELECT * INTO withheld FROM period_withholdings w WHERE w.team_id = p_team AND w.pool_id = p_pool
      AND w.period_starts_at = pool.period_starts_at AND w.returned_at IS NULL;
  END IF;

  made.quantity_before := coalesce((
    SELECT min(r.quantity_before - r.quantity) FROM usage_reversals r
    WHERE r.team_id = p_team AND r.usage_key = p_usage_key), used.quantity);
  IF p_quantity < 1 OR p_quantity > made.quantity_before THEN
    RAISE EXCEPTION 'of a usage record % is left, not %', made.quantity_before, p_quantity
      USING ERRCODE = 'check_violation', CONSTRAINT = 'usage_reversals_at_most_the_record';
  END IF;
  -- A capture charges less than the price where the pool held less.
  SELECT -sum_nanos(e.amount_nanos) INTO charged FROM entries e WHERE e.team_id = p_team AND e.pool_no = pool.no
    AND e.bucket IN ('included', 'credits') AND e.seq BETWEEN used.seq AND used.seq + coalesce(used.pieces, 1) - 1;
  kept_before := least(charged, meter_cost(meter, made.quantity_before, coalesce(used.allowance_quantity, 0)));
  kept_after := least(charged, meter_cost(meter, made.quantity_before - p_quantity, coalesce(used.allowance_quantity, 0)));

  made.included_nanos := 0; made.credits_nanos := 0; made.repaid_nanos := 0; made.expired_nanos := 0;
  FOR part IN
    SELECT * FROM ledger_usage_payments(pool, used, charged - kept_before, charged - kept_after)
  LOOP
    back := ROW (p_team, p_id, part.no, part.nanos, 0, 0);
    IF part.kind = 'included' THEN
      made.included_nanos := made.included_nanos + part.nanos;
    ELSE
      made.credits_nanos := made.credits_nanos + part.nanos;
      back.repaid_nanos := least(pool.debt_nanos, part.nanos);
      pool.debt_nanos := pool.debt_nanos - back.repaid_nanos;
    END IF;
    is_withheld := part.kind = 'included' AND withheld.id IS NOT NULL AND (NOT withheld.only_raised
      OR EXISTS (SELECT 1 FROM plan_changes c WHERE c.team_id = p_team AND c.id = part.cause_id));
    IF part.starts_at <> pool.period_starts_at OR part.expires_at <= p_now THEN
      back.expired_nanos := part.nanos - back.repaid_nanos;
    ELSIF is_withheld THEN
      back.expired_nanos := part.nanos;
      withheld_back := withheld_back + part.nanos;
    ELSE
      UPDATE grants g SET remaining_nanos = g.remaining_nanos + part.nanos - back.repaid_nanos,
          is_open = g.remaining_nanos + part.nanos - back.repaid_nanos > 0
        WHERE g.team_id = p_team AND g.id = part.id;
    END IF;
    made.repaid_nanos := made.repaid_nanos + back.repaid_nanos;
    made.expired_nanos := made.expired_nanos + back.expired_nanos;
    parts := parts || back;
  END LOOP;

  made.allowance_quantity := least(made.quantity_before, coalesce(used.allowance_quantity, 0))
    - least(made.quantity_before - p_quantity, coalesce(used.allowance_quantity, 0));
  made.allowance_expired := made.allowance_quantity - ledger_return_allowance(
    pool, withheld, meter.consumable, made.allowance_quantity, p_kept, used.created_at, p_now);
  IF withheld_back > 0 THEN
    UPDATE period_withholdings w SET included_nanos = w.included_nanos + withheld_back, taken_nanos = w.taken_nanos + withheld_back
      WHERE w.team_id = p_team AND w.id = withheld.id;
  END IF;

  place := pool.last_seq;
  FOR part IN
    SELECT * FROM (
      SELECT 1 AS turn, 'included'::bucket AS bucket, 'consumption_reversal'::entry_kind AS kind, made.included_nanos AS nanos,
        p_id AS cause_id, NULL::integer AS grant_no, meter.consumable AS detail
      UNION ALL SELECT 2, 'credits', 'consumption_reversal', made.credits_nanos, p_id, NULL, meter.consumable
      UNION ALL SELECT 2 + g.no, CASE g.kind WHEN 'included' THEN 'included'::bucket ELSE 'credits' END, 'expiry', -b.expired_nanos,
        ledger_expiry_cause(p_team, g.id), g.no, NULL
      FROM unnest(parts) b JOIN grants g ON g.team_id = p_team AND g.pool_id = p_pool AND g.no = b.grant_no
    ) moves WHERE nanos <> 0 ORDER BY turn
  LOOP
    place := place + 1;
    IF part.bucket = 'included' THEN
      pool.included_nanos := pool.included_nanos + part.nanos;
    ELSE
      pool.credits_nanos := pool.credits_nanos + part.nanos;
    END IF;
    INSERT INTO entries (
      team_id, pool_no, seq, bucket, kind, amount_nanos, balance_after_nanos,
      created_at, cause_id, grant_no, detail
    )
      VALUES (
        p_team, pool.no, place, part.bucket, part.kind, part.nanos,
        CASE part.bucket WHEN 'included' THEN pool.included_nanos ELSE pool.credits_nanos END,
        p_now, part.cause_id, part.grant_no, part.detail
      );
  END LOOP;
  UPDATE pools p SET last_seq = place, revision = p.revision + 1, included_nanos = pool.included_nanos,
      credits_nanos = pool.credits_nanos, debt_nanos = pool.debt_nanos, withheld_nanos = p.withheld_nanos + withheld_back,
      lifetime_spent_nanos = p.lifetime_spent_nanos - made.credits_nanos
    WHERE p.team_id = p_team AND p.id = p_pool RETURNING * INTO pool;

  UPDATE usage_days d SET quantity = d.quantity - p_quantity,
      allowance_quantity = d.allowance_quantity - made.allowance_quantity,
      included_nanos = d.included_nanos - made.included_nanos, credits_nanos = d.credits_nanos - made.credits_nanos
    WHERE d.team_id = p_team AND d.pool_id = p_pool AND d.meter_no = meter.no
      AND d.day = (used.occurred_at AT TIME ZONE 'UTC')::date;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'usage that is reversed counts on no day' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  PERFORM ledger_uncount_usage(meter, used.created_at, used.occurred_at, kept_before - kept_after);

  INSERT INTO usage_reversals (
    team_id, id, pool_id, usage_key, meter_no, quantity_before, quantity, allowance_quantity, allowance_expired,
    included_nanos, credits_nanos, repaid_nanos, expired_nanos, balance_nanos, available_nanos,
    request_key, request_print, reason, api_key_id, created_at
  )
    VALUES (
      p_team, p_id, p_pool, p_usage_key, meter.no, made.quantity_before, p_quantity, made.allowance_quantity,
      made.allowance_expired, made.included_nanos, made.credits_nanos, made.repaid_nanos, made.expired_nanos,
      pool.credits_nanos, pool_available(pool), p_request_key, p_request_print, p_reason, p_api_key, p_now
    ) RETURNING * INTO made;
  INSERT INTO usage_reversal_parts SELECT * FROM unnest(parts);
  PERFORM ledger_rearm(p_team, p_pool);
  RETURN made;
END $$;

-- Refuses an entry that no function of the ledger writes, that moves a bucket or a direction which its kind doesn't
-- move, that has no cause, or that makes debt without being a refund or dispute.
-- Not run for ledger_spend, which can do none of this: it only appends consumption.
CREATE OR REPLACE FUNCTION entries_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF coalesce(current_setting('ledger.writer', true), '') = '' THEN
    RAISE EXCEPTION 'entries are written by the ledger''s functions only' USING ERRCODE = 'restrict_violation';
  END IF;
  IF NOT (CASE NEW.kind
      WHEN 'consumption' THEN NEW.amount_nanos < 0 OR (NEW.bucket = 'included' AND NEW.quantity > 0)
      WHEN 'refund' THEN NEW.amount_nanos < 0 AND NEW.bucket = 'credits'
      WHEN 'dispute' THEN NEW.amount_nanos < 0 AND NEW.bucket = 'credits'
      WHEN 'expiry' THEN NEW.amount_nanos < 0
      WHEN 'consumption_reversal' THEN NEW.amount_nanos > 0
      WHEN 'included_grant' THEN NEW.amount_nanos > 0 AND NEW.bucket = 'included'
      WHEN 'transfer' THEN NEW.amount_nanos <> 0
      WHEN 'adjustment' THEN NEW.amount_nanos <> 0
      ELSE NEW.amount_nanos > 0 AND NEW.bucket = 'credits'
    END) THEN
    RAISE EXCEPTION 'entries_sign_fits_kind: an entry of kind % can''t move % by %', NEW.kind, NEW.bucket, NEW.amount_nanos
      USING ERRCODE = 'check_violation';
  END IF;
  IF NEW.cause_id IS NULL THEN
    RAISE EXCEPTION 'an entry has a cause' USING ERRCODE = 'not_null_violation';
  END IF;
  IF NEW.balance_after_nanos < 0 AND NEW.amount_nanos <= 0 AND NEW.kind NOT IN ('refund', 'dispute') THEN
    RAISE EXCEPTION 'entries_sign_fits_kind: only refunds and disputes make debt' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;

-- Refuses an entry that credits a purchase which wasn't captured in this pool and amount, and one that moves money
-- back without a clawback that says so, or takes usage back without its reversal.
-- One function for all, because each further trigger on entries is asked about each row of a spend.
CREATE OR REPLACE FUNCTION entries_check_purchase() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.kind IN ('purchase', 'auto_top_up') AND NOT EXISTS (
    SELECT 1 FROM purchases p JOIN pools o ON o.team_id = p.team_id AND o.id = p.pool_id
    WHERE p.team_id = NEW.team_id AND p.id = NEW.cause_id AND o.no = NEW.pool_no
      AND p.status = 'succeeded' AND p.captured_nanos = NEW.amount_nanos
      -- As the other kind it could be credited a second time.
      AND NEW.kind = CASE p.kind WHEN 'one_time' THEN 'purchase'::entry_kind ELSE 'auto_top_up'::entry_kind END
  ) THEN
    RAISE EXCEPTION 'entry % of pool % credits a purchase that was not captured', NEW.seq, NEW.pool_no
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  IF NEW.kind IN ('refund', 'dispute', 'dispute_reversal')
    OR EXISTS (SELECT 1 FROM clawbacks b WHERE b.team_id = NEW.team_id AND b.id = NEW.cause_id) THEN
    IF NOT EXISTS (
      SELECT 1 FROM clawbacks b WHERE b.team_id = NEW.team_id AND b.id = NEW.cause_id AND clawbacks_match(b, NEW)
    ) THEN
      RAISE EXCEPTION 'entry % of pool % moves money that no refund or dispute moved', NEW.seq, NEW.pool_no
        USING ERRCODE = 'integrity_constraint_violation';
    END IF;
  END IF;
  IF NEW.kind = 'consumption_reversal' AND NOT EXISTS (
    SELECT 1 FROM usage_reversals r JOIN pools o ON o.team_id = r.team_id AND o.id = r.pool_id
    WHERE r.team_id = NEW.team_id AND r.id = NEW.cause_id AND o.no = NEW.pool_no
      AND NEW.amount_nanos = CASE NEW.bucket WHEN 'included' THEN r.included_nanos ELSE r.credits_nanos END
  ) THEN
    RAISE EXCEPTION 'entry % of pool % takes back usage that was not reversed', NEW.seq, NEW.pool_no
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NULL;
END $$;

-- Refuses to change or delete what says why usage was taken back, and where its credits went.
CREATE OR REPLACE FUNCTION usage_reversals_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'reversals of usage are kept: they say why credits came back' USING ERRCODE = 'restrict_violation';
END $$;

-- Refuses a reversal of a record that its pool doesn't have, that doesn't go on where the record's others end, that gave
-- back something else than its entries and parts say, or more than a grant had paid for the record.
CREATE OR REPLACE FUNCTION usage_reversals_check_entries() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  used entries;
BEGIN
  SELECT e.* INTO used FROM entries e JOIN pools p ON p.team_id = e.team_id AND p.no = e.pool_no
    WHERE e.team_id = NEW.team_id AND e.usage_key = NEW.usage_key AND p.id = NEW.pool_id AND e.meter_no = NEW.meter_no;
  IF NOT FOUND OR NEW.quantity_before <> used.quantity - (
    SELECT coalesce(sum(r.quantity), 0) FROM usage_reversals r
    WHERE r.team_id = NEW.team_id AND r.usage_key = NEW.usage_key AND r.quantity_before > NEW.quantity_before
  ) THEN
    RAISE EXCEPTION 'reversal % takes back more of a usage record than is left of it', NEW.id
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  IF (NEW.included_nanos, NEW.credits_nanos) IS DISTINCT FROM (
    SELECT (coalesce(sum(e.amount_nanos) FILTER (WHERE e.bucket = 'included'), 0)::bigint,
      coalesce(sum(e.amount_nanos) FILTER (WHERE e.bucket = 'credits'), 0)::bigint)
    FROM entries e WHERE e.team_id = NEW.team_id AND e.cause_id = NEW.id AND e.kind = 'consumption_reversal'
  ) OR (NEW.included_nanos + NEW.credits_nanos, NEW.repaid_nanos, NEW.expired_nanos) IS DISTINCT FROM (
    SELECT (coalesce(sum(b.amount_nanos), 0)::bigint, coalesce(sum(b.repaid_nanos), 0)::bigint,
      coalesce(sum(b.expired_nanos), 0)::bigint)
    FROM usage_reversal_parts b WHERE b.team_id = NEW.team_id AND b.reversal_id = NEW.id
  ) OR EXISTS (
    SELECT 1 FROM usage_reversal_parts own
    WHERE own.team_id = NEW.team_id AND own.reversal_id = NEW.id AND (
      SELECT sum(b.amount_nanos) FROM usage_reversals r
      JOIN usage_reversal_parts b ON b.team_id = r.team_id AND b.reversal_id = r.id AND b.grant_no = own.grant_no
      WHERE r.team_id = NEW.team_id AND r.usage_key = NEW.usage_key
    ) > (
      SELECT coalesce(-sum(e.amount_nanos), 0) FROM entries e
      WHERE e.team_id = NEW.team_id AND e.pool_no = used.pool_no AND e.bucket IN ('included', 'credits')
        AND e.seq BETWEEN used.seq AND used.seq + coalesce(used.pieces, 1) - 1 AND e.grant_no = own.grant_no
    )
  ) THEN
    RAISE EXCEPTION 'reversal % gave back something else than its usage record had taken', NEW.id
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NULL;
END $$;

-- Reversals of usage are never changed or deleted.
CREATE TRIGGER usage_reversals_append_only BEFORE UPDATE OR DELETE ON usage_reversals
  FOR EACH ROW EXECUTE FUNCTION usage_reversals_refuse_change();

-- Lets only the functions of the ledger write what a reversal of usage gave back.
CREATE TRIGGER usage_reversals_by_ledger BEFORE INSERT ON usage_reversals
  FOR EACH STATEMENT
  WHEN (coalesce(current_setting('ledger.writer', true), '') = '') EXECUTE FUNCTION ledger_refuse_writer();

-- Reversals of usage are never changed or deleted.
CREATE TRIGGER usage_reversals_no_truncate BEFORE TRUNCATE ON usage_reversals
  FOR EACH STATEMENT EXECUTE FUNCTION usage_reversals_refuse_change();

-- At commit, a reversal has given back what its record had taken, and all reversals of a record are at most the record.
CREATE CONSTRAINT TRIGGER usage_reversals_are_posted AFTER INSERT ON usage_reversals
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION usage_reversals_check_entries();

-- Reversals of usage are never changed or deleted.
CREATE TRIGGER usage_reversal_parts_append_only BEFORE UPDATE OR DELETE ON usage_reversal_parts
  FOR EACH ROW EXECUTE FUNCTION usage_reversals_refuse_change();

-- Lets only the functions of the ledger write what a reversal of usage gave back.
CREATE TRIGGER usage_reversal_parts_by_ledger BEFORE INSERT ON usage_reversal_parts
  FOR EACH STATEMENT
  WHEN (coalesce(current_setting('ledger.writer', true), '') = '') EXECUTE FUNCTION ledger_refuse_writer();

-- Reversals of usage are never changed or deleted.
CREATE TRIGGER usage_reversal_parts_no_truncate BEFORE TRUNCATE ON usage_reversal_parts
  FOR EACH STATEMENT EXECUTE FUNCTION usage_reversals_refuse_change();
