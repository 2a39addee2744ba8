-- What wasn't paid gives nothing. lib/billing/README.md says when a period is withheld and when it is returned.

CREATE TYPE withheld AS ENUM ('unpaid', 'disputed');

ALTER TABLE subscriptions
  -- Why the period that the subscription is in gives nothing now; null: it gives what the plan gives.
  ADD COLUMN period_withheld withheld,
  ADD COLUMN is_collection_paused boolean NOT NULL DEFAULT false,
  -- Stripe's id of the invoice that a person can pay.
  ADD COLUMN open_invoice_id text;

-- The invoice that a disputed payment paid, where it is one of a subscription.
ALTER TABLE disputes ADD COLUMN invoice_id text;

-- Of an allowance that was withdrawn unused nothing is left.
ALTER TABLE allowances DROP CONSTRAINT allowances_granted_check, ADD CONSTRAINT allowances_granted_check CHECK (granted >= 0);

-- What a pool's period doesn't give, because it isn't paid or its payment is disputed: what had been given and was unused, or
-- what never came. It comes, in this amount, when the reason is gone while the period lasts.
CREATE TABLE period_withholdings (
  team_id uuid NOT NULL,
  id uuid NOT NULL DEFAULT uuidv7(),
  pool_id uuid NOT NULL,
  period_starts_at timestamptz NOT NULL,
  why withheld NOT NULL,
  -- Only what larger plans have added within the period, whose own payment stands.
  only_raised boolean NOT NULL,
  included_nanos bigint NOT NULL CHECK (included_nanos >= 0),
  -- How much of the included credits had been given before and was taken.
  taken_nanos bigint NOT NULL CHECK (taken_nanos BETWEEN 0 AND included_nanos),
  consumables text[] NOT NULL,
  quantities bigint[] NOT NULL CHECK (cardinality(quantities) = cardinality(consumables)),
  created_at timestamptz NOT NULL,
  returned_at timestamptz,
  PRIMARY KEY (team_id, id),
  FOREIGN KEY (team_id, pool_id) REFERENCES pools (team_id, id)
);
CREATE UNIQUE INDEX period_withholdings_one_open ON period_withholdings (team_id, pool_id, period_starts_at) WHERE returned_at IS NULL;
CREATE TRIGGER period_withholdings_by_ledger BEFORE INSERT OR UPDATE OR DELETE ON period_withholdings FOR EACH STATEMENT
  WHEN (coalesce(current_setting('ledger.writer', true), '') = '') EXECUTE FUNCTION ledger_refuse_writer();
-- The included credits among it, in the pool's own row: whoever refuses usage says whether they would have paid.
ALTER TABLE pools ADD COLUMN withheld_nanos nanos_not_negative NOT NULL DEFAULT 0;

-- Takes what is unused of what a pool's present period gave, and notes it together with what the period never gave. False:
-- there is no such period, or it is withheld already, whatever for.
CREATE FUNCTION ledger_withhold_period(
  p_team uuid, p_pool uuid, p_id uuid, p_why withheld, p_only_raised boolean, p_keep_consumables text[], p_keep_quantities bigint[],
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
    WHERE w.team_id = p_team AND w.pool_id = p_pool AND w.period_starts_at = pool.period_starts_at AND w.returned_at IS NULL AND w.why <> p_why;
  IF EXISTS (SELECT 1 FROM period_withholdings w
    WHERE w.team_id = p_team AND w.pool_id = p_pool AND w.period_starts_at = pool.period_starts_at AND w.returned_at IS NULL)
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
    INSERT INTO entries (team_id, pool_no, seq, bucket, kind, amount_nanos, balance_after_nanos, created_at, cause_id, grant_no, reported_at)
      VALUES (p_team, pool.no, pool.last_seq, 'included', 'expiry', -lot.remaining_nanos, pool.included_nanos, p_now, lot.id, lot.no, p_now);
    UPDATE grants g SET remaining_nanos = 0, is_open = false WHERE g.team_id = p_team AND g.id = lot.id;
  END LOOP;
  WITH reduced AS (
    UPDATE allowances a SET granted = greatest(a.used, kept.quantity)
    FROM (
      SELECT b.consumable, coalesce(k.quantity, 0) AS quantity FROM allowances b
      LEFT JOIN unnest(p_keep_consumables, p_keep_quantities) AS k (consumable, quantity) ON k.consumable = b.consumable
      WHERE b.team_id = p_team AND b.pool_id = p_pool AND b.period_starts_at = pool.period_starts_at
    ) kept
    WHERE a.team_id = p_team AND a.pool_id = p_pool AND a.period_starts_at = pool.period_starts_at AND a.consumable = kept.consumable
      AND a.granted > greatest(a.used, kept.quantity)
    RETURNING a.consumable, old.granted - new.granted AS quantity
  ), withheld AS (
    SELECT consumable, sum_nanos(quantity) AS quantity FROM (
      SELECT * FROM reduced UNION ALL SELECT * FROM unnest(p_consumables, p_quantities) AS n (consumable, quantity)
    ) both_kinds GROUP BY consumable
  )
  SELECT coalesce(array_agg(consumable ORDER BY consumable), '{}'), coalesce(array_agg(quantity ORDER BY consumable), '{}')
    INTO names, amounts FROM withheld;
  INSERT INTO period_withholdings (team_id, id, pool_id, period_starts_at, why, only_raised, included_nanos, taken_nanos, consumables, quantities, created_at)
    VALUES (p_team, p_id, p_pool, pool.period_starts_at, p_why, p_only_raised, taken + p_not_given, taken, names, amounts, p_now);
  UPDATE pools p SET revision = p.revision + 1, withheld_nanos = taken + p_not_given WHERE p.team_id = p_team AND p.id = p_pool;
  RETURN true;
END $$;

-- Gives what was withheld of a pool's present period, once. What was used meanwhile stays paid as it was. False: nothing is.
CREATE FUNCTION ledger_return_period(p_team uuid, p_pool uuid, p_priority smallint, p_now timestamptz) RETURNS boolean
LANGUAGE plpgsql SET ledger.writer = 'period' AS $$
DECLARE
  pool pools;
  withheld period_withholdings;
BEGIN
  SELECT * INTO STRICT pool FROM pools WHERE team_id = p_team AND id = p_pool FOR NO KEY UPDATE;
  IF pool.period_ends_at IS NULL OR pool.period_ends_at <= p_now THEN RETURN false; END IF;
  UPDATE period_withholdings w SET returned_at = p_now
    WHERE w.team_id = p_team AND w.pool_id = p_pool AND w.period_starts_at = pool.period_starts_at AND w.returned_at IS NULL
    RETURNING * INTO withheld;
  IF NOT FOUND THEN RETURN false; END IF;
  INSERT INTO allowances AS a (team_id, pool_id, period_starts_at, consumable, granted)
    SELECT p_team, p_pool, pool.period_starts_at, n.consumable, n.quantity
    FROM unnest(withheld.consumables, withheld.quantities) AS n (consumable, quantity) WHERE n.quantity > 0
    ON CONFLICT (team_id, pool_id, period_starts_at, consumable) DO UPDATE SET
      -- The allowance of the free plan, on which the pool may have been meanwhile, is given up for it.
      granted = CASE WHEN withheld.only_raised THEN a.granted ELSE a.used END + excluded.granted;
  UPDATE pools p SET revision = p.revision + 1, withheld_nanos = 0 WHERE p.team_id = p_team AND p.id = p_pool;
  IF withheld.included_nanos > 0 THEN
    PERFORM ledger_credit(p_team, p_pool, 'included_grant', 'included', p_priority, withheld.included_nanos, withheld.id, p_now, pool.period_ends_at, NULL);
  END IF;
  PERFORM ledger_rearm(p_team, p_pool);
  RETURN true;
END $$;

-- Gives a pool whose present period is withheld the allowances of the plan that its team has come down to, less what was used.
CREATE FUNCTION ledger_fall_back(p_team uuid, p_pool uuid, p_consumables text[], p_quantities bigint[], p_now timestamptz) RETURNS boolean
LANGUAGE plpgsql SET ledger.writer = 'period' AS $$
DECLARE
  pool pools;
BEGIN
  SELECT * INTO STRICT pool FROM pools WHERE team_id = p_team AND id = p_pool FOR NO KEY UPDATE;
  IF pool.period_ends_at IS NULL OR pool.period_ends_at <= p_now OR NOT EXISTS (
    SELECT 1 FROM period_withholdings w WHERE w.team_id = p_team AND w.pool_id = p_pool
      AND w.period_starts_at = pool.period_starts_at AND w.returned_at IS NULL AND NOT w.only_raised) THEN RETURN false; END IF;
  INSERT INTO allowances AS a (team_id, pool_id, period_starts_at, consumable, granted)
    SELECT p_team, p_pool, pool.period_starts_at, n.consumable, n.quantity FROM unnest(p_consumables, p_quantities) AS n (consumable, quantity)
    ON CONFLICT (team_id, pool_id, period_starts_at, consumable) DO UPDATE SET granted = greatest(a.granted, excluded.granted);
  UPDATE pools p SET revision = p.revision + 1 WHERE p.team_id = p_team AND p.id = p_pool;
  RETURN true;
END $$;

-- Gives a pool what a larger plan adds to its present period: these quantities more of each allowance, and these included
-- credits. False, and nothing given: the pool came to this plan before in this period.
CREATE OR REPLACE FUNCTION ledger_raise_plan(
  p_team uuid, p_pool uuid, p_change uuid, p_from plan, p_to plan, p_included bigint, p_priority smallint,
  p_consumables text[], p_quantities bigint[], p_now timestamptz
) RETURNS boolean LANGUAGE plpgsql SET ledger.writer = 'period' AS $$
DECLARE
  pool pools;
BEGIN
  SELECT * INTO STRICT pool FROM pools WHERE team_id = p_team AND id = p_pool FOR NO KEY UPDATE;
  IF pool.period_starts_at IS NULL OR pool.period_ends_at <= p_now THEN
    RAISE EXCEPTION 'pool % is in no period that a plan could be raised in', p_pool USING ERRCODE = 'check_violation';
  END IF;
  INSERT INTO plan_changes (team_id, id, pool_id, period_starts_at, from_plan, to_plan, included_nanos)
    VALUES (p_team, p_change, p_pool, pool.period_starts_at, p_from, p_to, p_included)
    ON CONFLICT (team_id, pool_id, period_starts_at, to_plan) DO NOTHING;
  IF NOT FOUND THEN RETURN false; END IF;
  INSERT INTO allowances AS a (team_id, pool_id, period_starts_at, consumable, granted)
    SELECT p_team, p_pool, pool.period_starts_at, n.consumable, n.quantity FROM unnest(p_consumables, p_quantities) AS n (consumable, quantity)
    ON CONFLICT (team_id, pool_id, period_starts_at, consumable) DO UPDATE SET granted = a.granted + excluded.granted;
  UPDATE pools p SET revision = p.revision + 1 WHERE p.team_id = p_team AND p.id = p_pool;
  IF p_included > 0 THEN
    PERFORM ledger_credit(p_team, p_pool, 'included_grant', 'included', p_priority, p_included, p_change, p_now, pool.period_ends_at, NULL);
  END IF;
  PERFORM ledger_rearm(p_team, p_pool);
  RETURN true;
END $$;

-- Begins a billing period: what the last one included and was not used expires, then the new one's allowances and included
-- credits come. Bought credits stay. A period that is still to come begins at once when the pool has no other. False: the
-- pool's present period isn't over, even if the team's anchor has moved, or a later one had begun already.
CREATE OR REPLACE FUNCTION ledger_begin_period(
  p_team uuid, p_pool uuid, p_period uuid, p_plan plan, p_starts_at timestamptz, p_ends_at timestamptz,
  p_included bigint, p_priority smallint, p_consumables text[], p_quantities bigint[], p_now timestamptz
) RETURNS boolean LANGUAGE plpgsql SET ledger.writer = 'period' AS $$
DECLARE
  pool pools;
BEGIN
  SELECT * INTO STRICT pool FROM pools WHERE team_id = p_team AND id = p_pool FOR NO KEY UPDATE;
  IF pool.period_ends_at > p_now OR pool.period_starts_at >= p_starts_at OR p_now >= p_ends_at THEN RETURN false; END IF;
  INSERT INTO periods (team_id, id, pool_id, plan, starts_at, ends_at) VALUES (p_team, p_period, p_pool, p_plan, p_starts_at, p_ends_at);
  PERFORM ledger_expire(p_team, p_pool, p_now);
  UPDATE pools p SET period_starts_at = p_starts_at, period_ends_at = p_ends_at, revision = p.revision + 1, withheld_nanos = 0
    WHERE p.team_id = p_team AND p.id = p_pool;
  INSERT INTO allowances (team_id, pool_id, period_starts_at, consumable, granted)
    SELECT p_team, p_pool, p_starts_at, a.consumable, a.quantity FROM unnest(p_consumables, p_quantities) AS a (consumable, quantity);
  IF p_included > 0 THEN
    PERFORM ledger_credit(p_team, p_pool, 'included_grant', 'included', p_priority, p_included, p_period, p_starts_at, p_ends_at, NULL);
  END IF;
  PERFORM ledger_rearm(p_team, p_pool);
  RETURN true;
END $$;

-- Ends a pool's present billing period early, because another has been paid for: what is left of its included credits
-- goes now. False: there is no period that goes on after this instant.
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
    UPDATE pools p SET last_seq = p.last_seq + 1, revision = p.revision + 1, included_nanos = p.included_nanos - lot.remaining_nanos
      WHERE p.team_id = p_team AND p.id = p_pool RETURNING * INTO pool;
    INSERT INTO entries (team_id, pool_no, seq, bucket, kind, amount_nanos, balance_after_nanos, created_at, cause_id, grant_no, reported_at)
      VALUES (p_team, pool.no, pool.last_seq, 'included', 'expiry', -lot.remaining_nanos, pool.included_nanos, p_now, lot.id, lot.no, p_at);
    UPDATE grants g SET remaining_nanos = 0, is_open = false WHERE g.team_id = p_team AND g.id = lot.id;
  END LOOP;
  UPDATE periods d SET ends_at = p_at
    WHERE d.team_id = p_team AND d.pool_id = p_pool AND d.starts_at = pool.period_starts_at;
  UPDATE pools p SET period_ends_at = p_at, revision = p.revision + 1, withheld_nanos = 0 WHERE p.team_id = p_team AND p.id = p_pool;
  RETURN true;
END $$;

-- Everything that decides about the next spend of some pools, as it is now or, locked, as it stays until the transaction ends.
DROP FUNCTION ledger_read_pools;
CREATE FUNCTION ledger_read_pools(p_team uuid, p_pools uuid[], p_lock boolean)
RETURNS TABLE (
  id uuid, no integer, revision bigint, last_seq bigint, credits_nanos bigint, included_nanos bigint, debt_nanos bigint, held_nanos bigint, withheld_nanos bigint,
  is_low boolean, is_depleted boolean, has_had_credits boolean, period_starts_at timestamptz, period_ends_at timestamptz,
  holds_expire_at timestamptz, lots json, allowances json
) LANGUAGE plpgsql AS $$
BEGIN
  IF p_lock THEN
    -- A statement of its own: what is read next must be newer than the lock.
    PERFORM 1 FROM pools p WHERE p.team_id = p_team AND p.id = ANY (p_pools) ORDER BY p.id FOR NO KEY UPDATE;
  END IF;
  RETURN QUERY SELECT p.id, p.no, p.revision, p.last_seq, p.credits_nanos, p.included_nanos::bigint, p.debt_nanos::bigint, p.held_nanos::bigint, p.withheld_nanos::bigint,
      p.is_low, p.is_depleted, p.lifetime_added_nanos > 0 OR p.lifetime_spent_nanos > 0, p.period_starts_at, p.period_ends_at,
      p.holds_expire_at,
      (SELECT json_agg(json_build_array(g.id, g.no, g.kind, g.remaining_nanos::text, floor(extract(epoch FROM g.expires_at) * 1000))
        ORDER BY g.priority, g.expires_at NULLS LAST, g.id)
        FROM grants g WHERE g.team_id = p_team AND g.pool_id = p.id AND g.is_open),
      (SELECT json_agg(json_build_array(a.consumable, (a.granted - a.used)::text)) FROM allowances a
        WHERE a.team_id = p_team AND a.pool_id = p.id AND a.period_starts_at = p.period_starts_at AND a.granted > a.used)
    FROM pools p WHERE p.team_id = p_team AND p.id = ANY (p_pools);
END $$;
