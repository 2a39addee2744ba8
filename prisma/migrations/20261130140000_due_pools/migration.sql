-- Money taken back never starts a charge: a pool is topped up only when it is due. lib/auto-top-up/README.md says how.

ALTER TABLE auto_top_up_settings
  -- Since when the pool is to be topped up, and what made it so. It stays until the pool has enough again or was topped up.
  ADD COLUMN due_at timestamptz,
  ADD COLUMN due_cause text CHECK (due_cause IN ('usage', 'refusal', 'save', 'new_card')),
  -- What the refused request cost: with less than this the pool is to be topped up, whatever its threshold.
  ADD COLUMN due_needs_nanos bigint CHECK (due_needs_nanos > 0),
  -- Nothing is charged until an Owner or Admin resumes it.
  ADD COLUMN paused_at timestamptz,
  ADD COLUMN paused_reason text CHECK (paused_reason IN ('dispute')),
  ADD COLUMN paused_by text,
  ADD CONSTRAINT auto_top_up_due_has_a_cause CHECK ((due_at IS NULL) = (due_cause IS NULL)),
  ADD CONSTRAINT auto_top_up_only_a_refusal_needs CHECK ((due_needs_nanos IS NOT NULL) = (due_cause IS NOT NULL AND due_cause = 'refusal')),
  ADD CONSTRAINT auto_top_up_due_while_on CHECK (due_at IS NULL OR enabled),
  ADD CONSTRAINT auto_top_up_pause_has_a_reason
    CHECK ((paused_at IS NULL) = (paused_reason IS NULL) AND (paused_at IS NULL) = (paused_by IS NULL));
CREATE INDEX auto_top_up_due_idx ON auto_top_up_settings (team_id, pool_id) WHERE due_at IS NOT NULL;

-- What metering remembers of a team names the amount too: a refusal makes a pool due only if that would have been enough.
DROP TRIGGER auto_top_up_settings_change_metering ON auto_top_up_settings;
CREATE TRIGGER auto_top_up_settings_change_metering AFTER INSERT OR UPDATE OF enabled, threshold_nanos, amount_nanos ON auto_top_up_settings
  FOR EACH ROW EXECUTE FUNCTION team_parts_change_metering();

-- Each top-up keeps what made its pool due. Until now that was falling low, which usage does.
ALTER TABLE purchases ADD COLUMN due_cause text;
UPDATE purchases SET due_cause = 'usage' WHERE kind = 'auto_top_up';
SET CONSTRAINTS ALL IMMEDIATE;
ALTER TABLE purchases ADD CONSTRAINT purchases_top_up_has_a_cause CHECK (
  CASE kind WHEN 'auto_top_up' THEN due_cause IS NOT NULL AND due_cause IN ('usage', 'refusal', 'save', 'new_card') ELSE due_cause IS NULL END
);

-- What a pool can still pay with.
CREATE FUNCTION pool_available(p pools) RETURNS bigint LANGUAGE sql IMMUTABLE AS $$
  SELECT p.included_nanos + p.credits_nanos - p.held_nanos
$$;

-- Whether a pool that was made due still has to be topped up.
CREATE FUNCTION top_up_is_wanted(s auto_top_up_settings, p_available bigint) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
  SELECT s.due_at IS NOT NULL AND (p_available <= s.threshold_nanos OR coalesce(p_available < s.due_needs_nanos, false))
$$;

-- A pool that recovered may be told low or used up again, and is due no longer.
CREATE OR REPLACE FUNCTION ledger_rearm(p_team uuid, p_pool uuid) RETURNS void LANGUAGE sql AS $$
  UPDATE pools p SET
    is_low = p.is_low AND pool_available(p) <= low_balance_threshold(p_team, p_pool),
    is_depleted = p.is_depleted AND p.credits_nanos + p.included_nanos < 10000000
  WHERE p.team_id = p_team AND p.id = p_pool
    AND ((p.is_low AND pool_available(p) > low_balance_threshold(p_team, p_pool))
      OR (p.is_depleted AND p.credits_nanos + p.included_nanos >= 10000000));
  -- A tenth more than the threshold, and a dollar at least.
  UPDATE balance_alarms a SET is_armed = true FROM pools p
  WHERE a.team_id = p_team AND a.pool_id = p_pool AND NOT a.is_armed AND p.team_id = p_team AND p.id = p_pool
    AND CASE a.crossing
      WHEN 'low' THEN pool_available(p) >= low_balance_threshold(p_team, p_pool)
        + greatest(low_balance_threshold(p_team, p_pool) / 10, 1000000000)
      ELSE p.credits_nanos + p.included_nanos >= 1000000000 END;
  UPDATE auto_top_up_settings s SET due_at = NULL, due_cause = NULL, due_needs_nanos = NULL FROM pools p
  WHERE s.team_id = p_team AND s.pool_id = p_pool AND s.due_at IS NOT NULL AND p.team_id = p_team AND p.id = p_pool
    AND NOT top_up_is_wanted(s, pool_available(p))
$$;

-- The same after a capture, which gives back what the run didn't need and takes the rest: only both together are a rise.
CREATE FUNCTION ledger_note_rise(p_team uuid, p_pool uuid) RETURNS void LANGUAGE plpgsql SET ledger.writer = 'note' AS $$
BEGIN
  PERFORM ledger_rearm(p_team, p_pool);
END $$;

CREATE OR REPLACE FUNCTION ledger_note_fall(p_team uuid, p_pool uuid, OUT crossings text[], OUT revision bigint)
LANGUAGE plpgsql SET ledger.writer = 'note' AS $$
DECLARE
  pool record;
BEGIN
  SELECT p.revision, p.is_low, p.is_depleted, pool_available(p) <= low_balance_threshold(p_team, p_pool) AS falls_low,
      p.credits_nanos + p.included_nanos < 10000000 AS falls_empty
    INTO STRICT pool FROM pools p WHERE p.team_id = p_team AND p.id = p_pool;
  revision := pool.revision;
  crossings := array_remove(ARRAY[
    CASE WHEN pool.falls_low AND NOT pool.is_low THEN 'low' END,
    CASE WHEN pool.falls_empty AND NOT pool.is_depleted THEN 'depleted' END
  ], NULL);
  IF cardinality(crossings) > 0 THEN
    UPDATE pools p SET is_low = p.is_low OR pool.falls_low, is_depleted = p.is_depleted OR pool.falls_empty, revision = p.revision + 1
      WHERE p.team_id = p_team AND p.id = p_pool;
  END IF;
END $$;

-- A hold that is released is a rise. One that is captured, or reduced for a spend, isn't one before that spend is written.
CREATE OR REPLACE FUNCTION ledger_reduce_hold(
  p_team uuid, p_id uuid, p_amount bigint, p_status hold_status, p_now timestamptz, p_captured bigint, p_shortfall bigint
) RETURNS void LANGUAGE plpgsql SET ledger.writer = 'hold' AS $$
DECLARE
  reduced holds;
BEGIN
  UPDATE holds h SET left_nanos = h.left_nanos - p_amount, status = p_status,
      settled_at = CASE WHEN p_status <> 'open' THEN p_now END, captured_quantity = p_captured, shortfall_nanos = p_shortfall
    WHERE h.team_id = p_team AND h.id = p_id AND h.status = 'open' RETURNING * INTO STRICT reduced;
  UPDATE pools p SET held_nanos = p.held_nanos - p_amount, revision = p.revision + 1,
      holds_expire_at = (SELECT min(h.expires_at) FROM holds h WHERE h.team_id = p_team AND h.pool_id = p.id AND h.status = 'open')
    WHERE p.team_id = p_team AND p.id = reduced.pool_id;
  IF p_status = 'released' THEN PERFORM ledger_rearm(p_team, reduced.pool_id); END IF;
END $$;

-- Writes off what time has ended: holds that ran out, and what is left of grants that expired. Answers whether there was any.
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
        holds_expire_at = (SELECT min(h.expires_at) FROM holds h WHERE h.team_id = p_team AND h.pool_id = p_pool AND h.status = 'open')
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
    INSERT INTO entries (team_id, pool_no, seq, bucket, kind, amount_nanos, balance_after_nanos, created_at, cause_id, grant_no, reported_at)
      VALUES (p_team, pool.no, pool.last_seq, target, 'expiry', -lot.remaining_nanos, balance, p_now, lot.id, lot.no, lot.expires_at);
    UPDATE grants g SET remaining_nanos = 0, is_open = false WHERE g.team_id = p_team AND g.id = lot.id;
  END LOOP;
  IF changed THEN PERFORM ledger_rearm(p_team, p_pool); END IF;
  RETURN changed;
END $$;

-- Everything that decides about the next spend of some pools, as it is now or, locked, as it stays until the transaction ends.
DROP FUNCTION ledger_read_pools;
CREATE FUNCTION ledger_read_pools(p_team uuid, p_pools uuid[], p_lock boolean)
RETURNS TABLE (
  id uuid, no integer, revision bigint, last_seq bigint, credits_nanos bigint, included_nanos bigint, debt_nanos bigint, held_nanos bigint, withheld_nanos bigint,
  is_low boolean, is_depleted boolean, has_had_credits boolean, period_starts_at timestamptz, period_ends_at timestamptz,
  holds_expire_at timestamptz, is_due boolean, lots json, allowances json
) LANGUAGE plpgsql AS $$
BEGIN
  IF p_lock THEN
    -- A statement of its own: what is read next must be newer than the lock.
    PERFORM 1 FROM pools p WHERE p.team_id = p_team AND p.id = ANY (p_pools) ORDER BY p.id FOR NO KEY UPDATE;
  END IF;
  RETURN QUERY SELECT p.id, p.no, p.revision, p.last_seq, p.credits_nanos, p.included_nanos::bigint, p.debt_nanos::bigint, p.held_nanos::bigint, p.withheld_nanos::bigint,
      p.is_low, p.is_depleted, p.lifetime_added_nanos > 0 OR p.lifetime_spent_nanos > 0, p.period_starts_at, p.period_ends_at,
      p.holds_expire_at,
      EXISTS (SELECT 1 FROM auto_top_up_settings s WHERE s.team_id = p_team AND s.pool_id = p.id AND s.due_at IS NOT NULL),
      (SELECT json_agg(json_build_array(g.id, g.no, g.kind, g.remaining_nanos::text, floor(extract(epoch FROM g.expires_at) * 1000))
        ORDER BY g.priority, g.expires_at NULLS LAST, g.id)
        FROM grants g WHERE g.team_id = p_team AND g.pool_id = p.id AND g.is_open),
      (SELECT json_agg(json_build_array(a.consumable, (a.granted - a.used)::text)) FROM allowances a
        WHERE a.team_id = p_team AND a.pool_id = p.id AND a.period_starts_at = p.period_starts_at AND a.granted > a.used)
    FROM pools p WHERE p.team_id = p_team AND p.id = ANY (p_pools);
END $$;

-- Makes a pool due, if this cause may and it isn't due already; an Owner's save and another card after a failure are told
-- apart from what made it due before. The pool is locked before its settings, as by everything that moves its credits.
CREATE FUNCTION auto_top_up_make_due(p_team uuid, p_pool uuid, p_cause text, p_needs bigint, p_now timestamptz)
RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
  available bigint;
BEGIN
  SELECT pool_available(p) INTO STRICT available FROM pools p WHERE p.team_id = p_team AND p.id = p_pool FOR NO KEY UPDATE;
  UPDATE auto_top_up_settings s SET due_at = p_now, due_cause = p_cause, due_needs_nanos = p_needs
    WHERE s.team_id = p_team AND s.pool_id = p_pool AND s.enabled AND CASE p_cause
      WHEN 'usage' THEN s.due_at IS NULL AND available <= s.threshold_nanos
      -- One top-up lets the request pass: what no top-up could pay for is refused and charges nothing.
      WHEN 'refusal' THEN s.due_at IS NULL AND available < p_needs AND available + s.amount_nanos >= p_needs
      WHEN 'save' THEN available <= s.threshold_nanos
      -- The same card added again is the same card.
      WHEN 'new_card' THEN s.failed_fingerprint IS NOT NULL AND available <= s.threshold_nanos AND EXISTS (
        SELECT 1 FROM payment_methods m WHERE m.team_id = p_team AND m.is_default
          AND coalesce(m.fingerprint, m.id) <> s.failed_fingerprint)
      ELSE false END;
  RETURN FOUND;
END $$;
