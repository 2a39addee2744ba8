-- Auto top-up: what a team allows us to charge by ourselves, and every decision about it. lib/auto-top-up/README.md says how.

CREATE TABLE auto_top_up_settings (
  team_id uuid NOT NULL,
  pool_id uuid NOT NULL,
  enabled boolean NOT NULL,
  threshold_nanos bigint NOT NULL,
  amount_nanos bigint NOT NULL CHECK (amount_nanos BETWEEN 5000000000 AND 100000000000000 AND amount_nanos % 10000000 = 0),
  -- Each save is one more: who saves what somebody else has changed meanwhile is told.
  version integer NOT NULL CHECK (version > 0),
  -- Who allowed the charges, by the last save that turned it on.
  allowed_by_member_id uuid NOT NULL,
  -- Charges that failed in a row, all with this card.
  failures smallint NOT NULL DEFAULT 0 CHECK (failures >= 0),
  failed_fingerprint text,
  failed_at timestamptz,
  suspended_at timestamptz,
  updated_at timestamptz NOT NULL,
  PRIMARY KEY (team_id, pool_id),
  FOREIGN KEY (team_id, pool_id) REFERENCES pools (team_id, id),
  FOREIGN KEY (team_id, allowed_by_member_id) REFERENCES members (team_id, id),
  -- A threshold above the amount would charge again and again without ever getting out of it.
  CONSTRAINT auto_top_up_threshold_within_amount
    CHECK (threshold_nanos BETWEEN 0 AND amount_nanos AND threshold_nanos % 10000000 = 0),
  CONSTRAINT auto_top_up_failures_have_a_time CHECK ((failures = 0) = (failed_at IS NULL)),
  CONSTRAINT auto_top_up_suspended_after_failures CHECK (suspended_at IS NULL OR failures > 0)
);
CREATE INDEX auto_top_up_enabled_idx ON auto_top_up_settings (team_id, pool_id) WHERE enabled;

-- The most that auto top-ups of a team may add in a calendar month (UTC). Null: no cap.
CREATE TABLE spend_caps (
  team_id uuid PRIMARY KEY REFERENCES teams,
  cap_nanos bigint DEFAULT 200000000000 CHECK (cap_nanos >= 0 AND cap_nanos % 10000000 = 0),
  version integer NOT NULL DEFAULT 1 CHECK (version > 0),
  updated_at timestamptz NOT NULL DEFAULT now()
);
INSERT INTO spend_caps (team_id) SELECT id FROM teams;
CREATE FUNCTION teams_begin_with_a_cap() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO spend_caps (team_id) VALUES (NEW.id);
  RETURN NULL;
END $$;
CREATE TRIGGER teams_begin_with_a_cap AFTER INSERT ON teams FOR EACH ROW EXECUTE FUNCTION teams_begin_with_a_cap();

-- Who changed what, before and after. `pool_id` null: the spend cap.
CREATE TABLE auto_top_up_changes (
  team_id uuid NOT NULL REFERENCES teams,
  id uuid NOT NULL DEFAULT uuidv7(),
  pool_id uuid,
  version integer NOT NULL,
  member_id uuid NOT NULL,
  before jsonb,
  after jsonb NOT NULL,
  changed_at timestamptz NOT NULL,
  PRIMARY KEY (team_id, id),
  FOREIGN KEY (team_id, pool_id) REFERENCES pools (team_id, id),
  FOREIGN KEY (team_id, member_id) REFERENCES members (team_id, id),
  CONSTRAINT auto_top_up_changes_once UNIQUE NULLS NOT DISTINCT (team_id, pool_id, version)
);
CREATE FUNCTION auto_top_up_changes_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'what was changed by whom is history' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER auto_top_up_changes_append_only BEFORE UPDATE OR DELETE ON auto_top_up_changes
  FOR EACH ROW EXECUTE FUNCTION auto_top_up_changes_refuse();

-- At commit each version of the settings and of the cap has its change, which says who made it.
CREATE FUNCTION auto_top_up_check_change() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  changed jsonb := to_jsonb(NEW);
BEGIN
  IF NOT EXISTS (
    SELECT 1 FROM auto_top_up_changes c
    WHERE c.team_id = NEW.team_id AND c.pool_id IS NOT DISTINCT FROM (changed ->> 'pool_id')::uuid AND c.version = NEW.version
  ) THEN
    RAISE EXCEPTION 'version % of % has nobody who made it', NEW.version, TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER auto_top_up_settings_are_audited AFTER INSERT OR UPDATE ON auto_top_up_settings
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION auto_top_up_check_change();
CREATE CONSTRAINT TRIGGER spend_caps_are_audited AFTER UPDATE ON spend_caps
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION auto_top_up_check_change();

CREATE FUNCTION auto_top_up_refuse_silent_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'a change of % needs its own version', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER auto_top_up_settings_change_by_version BEFORE UPDATE ON auto_top_up_settings FOR EACH ROW
  WHEN ((OLD.enabled, OLD.threshold_nanos, OLD.amount_nanos, OLD.allowed_by_member_id)
    IS DISTINCT FROM (NEW.enabled, NEW.threshold_nanos, NEW.amount_nanos, NEW.allowed_by_member_id)
    AND NEW.version <> OLD.version + 1)
  EXECUTE FUNCTION auto_top_up_refuse_silent_change();
CREATE TRIGGER spend_caps_change_by_version BEFORE UPDATE ON spend_caps FOR EACH ROW
  WHEN (OLD.cap_nanos IS DISTINCT FROM NEW.cap_nanos AND NEW.version <> OLD.version + 1)
  EXECUTE FUNCTION auto_top_up_refuse_silent_change();

-- The threshold of auto top-up is the pool's low-balance threshold while it is on.
CREATE TRIGGER auto_top_up_settings_change_metering AFTER INSERT OR UPDATE OF enabled, threshold_nanos ON auto_top_up_settings
  FOR EACH ROW EXECUTE FUNCTION team_parts_change_metering();

CREATE FUNCTION low_balance_threshold(p_team uuid, p_pool uuid) RETURNS bigint LANGUAGE sql STABLE AS $$
  SELECT coalesce(
    (SELECT s.threshold_nanos FROM auto_top_up_settings s WHERE s.team_id = p_team AND s.pool_id = p_pool AND s.enabled),
    (SELECT t.low_balance_threshold_nanos FROM teams t WHERE t.id = p_team)
  )
$$;

CREATE OR REPLACE FUNCTION ledger_rearm(p_team uuid, p_pool uuid) RETURNS void LANGUAGE sql AS $$
  UPDATE pools p SET
    is_low = p.is_low AND p.credits_nanos <= low_balance_threshold(p_team, p_pool),
    is_depleted = p.is_depleted AND p.credits_nanos + p.included_nanos < 10000000
  WHERE p.team_id = p_team AND p.id = p_pool
    AND ((p.is_low AND p.credits_nanos > low_balance_threshold(p_team, p_pool))
      OR (p.is_depleted AND p.credits_nanos + p.included_nanos >= 10000000))
$$;

CREATE OR REPLACE FUNCTION ledger_note_fall(p_team uuid, p_pool uuid, OUT crossings text[], OUT revision bigint)
LANGUAGE plpgsql SET ledger.writer = 'note' AS $$
DECLARE
  pool record;
BEGIN
  SELECT p.revision, p.is_low, p.is_depleted, p.credits_nanos <= low_balance_threshold(p_team, p_pool) AS falls_low,
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

-- An auto top-up is a purchase that nobody opened. It is written before Stripe is asked, and charges this card.
ALTER TABLE purchases
  ADD COLUMN payment_method_id text,
  ADD COLUMN card_fingerprint text,
  -- How Stripe names the failure; people read failure_reason.
  ADD COLUMN failure_code text,
  -- The bank wants a person to confirm it.
  ADD COLUMN needs_authentication boolean NOT NULL DEFAULT false,
  ADD CONSTRAINT purchases_top_up_names_its_card CHECK (
    CASE kind WHEN 'auto_top_up' THEN checkout_session_id IS NULL
    ELSE payment_method_id IS NULL AND card_fingerprint IS NULL AND NOT needs_authentication END
  );
-- One at a time for each pool, whatever else goes wrong.
CREATE UNIQUE INDEX purchases_one_open_top_up ON purchases (team_id, pool_id)
  WHERE kind = 'auto_top_up' AND status IN ('created', 'open', 'processing');
CREATE INDEX purchases_top_ups_idx ON purchases (team_id, created_at) WHERE kind = 'auto_top_up';

-- What auto top-ups have charged in the month of this time, with what is under way. One that was begun in a month or was
-- paid in it counts in it.
CREATE FUNCTION auto_top_up_committed(p_team uuid, p_at timestamptz) RETURNS bigint LANGUAGE sql STABLE AS $$
  SELECT coalesce(sum(coalesce(captured_nanos, amount_nanos)), 0)::bigint FROM purchases
  WHERE team_id = p_team AND kind = 'auto_top_up' AND (
    status IN ('created', 'open', 'processing')
    OR (status = 'succeeded' AND greatest(created_at, settled_at) >= date_trunc('month', p_at, 'UTC'))
  )
$$;

-- The limits, once more and independent of whoever decides: three an hour and ten a day for each pool, and the team's cap.
-- The cap's row is locked, so that two pools can't both take what is left of it.
CREATE FUNCTION purchases_refuse_runaway() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  cap bigint;
BEGIN
  SELECT c.cap_nanos INTO STRICT cap FROM spend_caps c WHERE c.team_id = NEW.team_id FOR UPDATE;
  IF (SELECT count(*) FROM purchases p WHERE p.team_id = NEW.team_id AND p.pool_id = NEW.pool_id AND p.kind = 'auto_top_up'
        AND p.created_at > NEW.created_at - interval '1 hour') >= 3
    OR (SELECT count(*) FROM purchases p WHERE p.team_id = NEW.team_id AND p.pool_id = NEW.pool_id AND p.kind = 'auto_top_up'
        AND p.created_at > NEW.created_at - interval '24 hours') >= 10 THEN
    RAISE EXCEPTION 'too many auto top-ups of pool %', NEW.pool_id USING ERRCODE = 'check_violation';
  END IF;
  IF auto_top_up_committed(NEW.team_id, NEW.created_at) + NEW.amount_nanos > cap THEN
    RAISE EXCEPTION 'an auto top-up of pool % would exceed the spend cap', NEW.pool_id USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER purchases_no_runaway BEFORE INSERT ON purchases FOR EACH ROW
  WHEN (NEW.kind = 'auto_top_up' AND NEW.status = 'created') EXECUTE FUNCTION purchases_refuse_runaway();

-- Every decision that mattered: why a pool was topped up, and why not. The same answer again only moves its last time.
CREATE TABLE auto_top_up_decisions (
  team_id uuid NOT NULL,
  id uuid NOT NULL DEFAULT uuidv7(),
  pool_id uuid NOT NULL,
  reason text NOT NULL,
  balance_nanos bigint NOT NULL,
  threshold_nanos bigint NOT NULL,
  amount_nanos bigint NOT NULL,
  -- The top-up that it began.
  purchase_id uuid,
  -- When the answer may be another one by itself.
  until timestamptz,
  decided_at timestamptz NOT NULL,
  last_decided_at timestamptz NOT NULL,
  times integer NOT NULL DEFAULT 1,
  PRIMARY KEY (team_id, id),
  FOREIGN KEY (team_id, pool_id) REFERENCES pools (team_id, id),
  FOREIGN KEY (team_id, purchase_id) REFERENCES purchases (team_id, id),
  CONSTRAINT auto_top_up_decisions_begin_one_each CHECK ((reason = 'charge') = (purchase_id IS NOT NULL))
);
CREATE INDEX auto_top_up_decisions_idx ON auto_top_up_decisions (team_id, pool_id, decided_at DESC, id DESC);
-- What metering remembers of a team says whether the cap has stopped a pool's auto top-up.
CREATE TRIGGER auto_top_up_decisions_change_metering AFTER INSERT ON auto_top_up_decisions
  FOR EACH ROW EXECUTE FUNCTION team_parts_change_metering();
