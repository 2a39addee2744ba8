-- Metering: usage that draws pools down. lib/ledger/README.md says what the ledger promises, lib/metering/README.md how
-- spending works.

-- What the metering API keeps in memory about a team is good for one version of it. A spend names the version it was
-- planned with, so that a revoked key, a removed member or another plan holds from the next request.
ALTER TABLE teams
  ADD COLUMN metering_version bigint NOT NULL DEFAULT 1,
  -- Billing periods are counted from here.
  ADD COLUMN period_anchor timestamptz NOT NULL DEFAULT now();
UPDATE teams SET period_anchor = created_at;

CREATE FUNCTION teams_change_metering() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.metering_version := OLD.metering_version + 1;
  RETURN NEW;
END $$;
CREATE TRIGGER teams_change_metering BEFORE UPDATE ON teams FOR EACH ROW
  WHEN ((OLD.plan, OLD.low_balance_threshold_nanos, OLD.period_anchor, OLD.deleted_at)
    IS DISTINCT FROM (NEW.plan, NEW.low_balance_threshold_nanos, NEW.period_anchor, NEW.deleted_at))
  EXECUTE FUNCTION teams_change_metering();

CREATE FUNCTION team_parts_change_metering() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE teams SET metering_version = metering_version + 1 WHERE id = coalesce(NEW.team_id, OLD.team_id);
  RETURN NULL;
END $$;
CREATE TRIGGER members_change_metering AFTER INSERT OR UPDATE OR DELETE ON members
  FOR EACH ROW EXECUTE FUNCTION team_parts_change_metering();
CREATE TRIGGER api_keys_change_metering AFTER INSERT OR UPDATE OR DELETE ON api_keys
  FOR EACH ROW EXECUTE FUNCTION team_parts_change_metering();
CREATE TRIGGER pools_change_metering AFTER INSERT OR DELETE ON pools
  FOR EACH ROW EXECUTE FUNCTION team_parts_change_metering();

-- As a type, because a table's CHECKs are read anew for every statement and a type's once: spending feels the difference.
CREATE DOMAIN nanos_not_negative AS bigint CHECK (VALUE >= 0);

-- Entries name their pool by a number of the team, which keeps a spend small on disk.
ALTER TABLE pools
  ADD COLUMN no integer,
  -- Counts every change of what the pool holds: a spend is planned on one revision and refused on any other.
  ADD COLUMN revision bigint NOT NULL DEFAULT 1,
  ADD COLUMN held_nanos nanos_not_negative NOT NULL DEFAULT 0,
  ADD COLUMN last_grant_no integer NOT NULL DEFAULT 0,
  -- Set when it was told that the balance is low or used up, cleared when it recovers. A new pool has not fallen yet.
  ADD COLUMN is_low boolean NOT NULL DEFAULT true,
  ADD COLUMN is_depleted boolean NOT NULL DEFAULT true,
  ADD COLUMN period_starts_at timestamptz,
  ADD COLUMN period_ends_at timestamptz,
  -- When the first open hold runs out.
  ADD COLUMN holds_expire_at timestamptz;
ALTER TABLE pools DISABLE TRIGGER USER;
UPDATE pools p SET no = numbered.no, is_low = p.credits_nanos <= t.low_balance_threshold_nanos,
    is_depleted = p.credits_nanos + p.included_nanos < 10000000
  FROM (SELECT team_id, id, row_number() OVER (PARTITION BY team_id ORDER BY id) AS no FROM pools) numbered, teams t
  WHERE p.team_id = numbered.team_id AND p.id = numbered.id AND t.id = p.team_id;
ALTER TABLE pools ENABLE TRIGGER USER;
ALTER TABLE pools
  ALTER COLUMN no SET NOT NULL,
  ADD CONSTRAINT pools_number UNIQUE (team_id, no),
  DROP CONSTRAINT pools_last_seq_check,
  DROP CONSTRAINT pools_included_nanos_check,
  DROP CONSTRAINT pools_debt_nanos_check,
  DROP CONSTRAINT pools_lifetime_added_nanos_check,
  DROP CONSTRAINT pools_lifetime_spent_nanos_check,
  SET (fillfactor = 50);
CREATE INDEX pools_period_due_idx ON pools (period_ends_at);
CREATE INDEX pools_holds_due_idx ON pools (holds_expire_at) WHERE holds_expire_at IS NOT NULL;

CREATE FUNCTION pools_take_number() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM 1 FROM teams WHERE id = NEW.team_id FOR NO KEY UPDATE;
  SELECT coalesce(max(no), 0) + 1 INTO NEW.no FROM pools WHERE team_id = NEW.team_id;
  RETURN NEW;
END $$;
CREATE OR REPLACE FUNCTION pools_start_empty() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (NEW.last_seq, NEW.included_nanos, NEW.credits_nanos, NEW.debt_nanos, NEW.held_nanos, NEW.lifetime_added_nanos,
      NEW.lifetime_spent_nanos, NEW.last_grant_no, NEW.period_starts_at)
    IS DISTINCT FROM (0::bigint, 0::bigint, 0::bigint, 0::bigint, 0::bigint, 0::bigint, 0::bigint, 0, NULL::timestamptz) THEN
    RAISE EXCEPTION 'a pool starts empty' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER pools_take_number BEFORE INSERT ON pools FOR EACH ROW EXECUTE FUNCTION pools_take_number();
-- From here on an Enterprise team's usage bills the pool that it shares, which was not made for every team.
INSERT INTO pools (team_id)
  SELECT t.id FROM teams t WHERE t.plan = 'enterprise'
    AND NOT EXISTS (SELECT 1 FROM pools p WHERE p.team_id = t.id AND p.member_id IS NULL);

ALTER TABLE grants
  ADD COLUMN no integer,
  -- Whether anything is left. Its own column, because one that a partial index names can't be updated in place.
  ADD COLUMN is_open boolean NOT NULL DEFAULT true;
ALTER TABLE grants DISABLE TRIGGER USER;
UPDATE grants g SET no = numbered.no, is_open = g.remaining_nanos > 0
  FROM (SELECT team_id, id, row_number() OVER (PARTITION BY team_id, pool_id ORDER BY id) AS no FROM grants) numbered
  WHERE g.team_id = numbered.team_id AND g.id = numbered.id;
ALTER TABLE grants ENABLE TRIGGER USER;
ALTER TABLE pools DISABLE TRIGGER USER;
UPDATE pools p SET last_grant_no = (SELECT coalesce(max(no), 0) FROM grants g WHERE g.team_id = p.team_id AND g.pool_id = p.id);
ALTER TABLE pools ENABLE TRIGGER USER;
DROP INDEX grants_left_idx;
ALTER TABLE grants
  ALTER COLUMN no SET NOT NULL,
  ADD CONSTRAINT grants_number UNIQUE (team_id, pool_id, no),
  ADD CONSTRAINT grants_open_while_left CHECK (is_open = (remaining_nanos > 0)),
  SET (fillfactor = 50);
CREATE INDEX grants_open_idx ON grants (team_id, pool_id, priority, expires_at NULLS LAST, id) WHERE is_open;
CREATE INDEX grants_expiry_due_idx ON grants (expires_at) WHERE is_open AND expires_at IS NOT NULL;

-- One combination of what is used, at what rate, by whom, with which key and on what trigger. Usage records and daily
-- totals name their meter by number, so that a price is kept once and no record grows with it.
CREATE TABLE meters (
  team_id uuid NOT NULL REFERENCES teams,
  no integer NOT NULL,
  consumable text NOT NULL,
  -- A quantity is a whole number of 10^-decimals units.
  decimals smallint NOT NULL CHECK (decimals BETWEEN 0 AND 3),
  rate_nanos bigint NOT NULL CHECK (rate_nanos > 0),
  trigger text NOT NULL CHECK (trigger IN ('user', 'api_key', 'schedule', 'integration')),
  member_id uuid,
  api_key_id uuid,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (team_id, no),
  FOREIGN KEY (team_id, member_id) REFERENCES members (team_id, id),
  FOREIGN KEY (team_id, api_key_id) REFERENCES api_keys (team_id, id),
  CONSTRAINT meters_once UNIQUE NULLS NOT DISTINCT (team_id, consumable, decimals, rate_nanos, trigger, member_id, api_key_id)
);
CREATE FUNCTION meters_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'a meter keeps its terms: they are what usage was charged at' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER meters_are_kept BEFORE UPDATE OR DELETE ON meters FOR EACH ROW EXECUTE FUNCTION meters_refuse_change();
CREATE TRIGGER meters_no_truncate BEFORE TRUNCATE ON meters FOR EACH STATEMENT EXECUTE FUNCTION meters_refuse_change();

-- Entries anew: a consumption is the usage record itself, in one row.
DROP TRIGGER entries_append_only ON entries;
DROP TRIGGER entries_no_truncate ON entries;
DROP TRIGGER entries_advance_pool ON entries;
DROP TRIGGER entries_credit_is_captured ON entries;
DROP TRIGGER pools_totals_follow_entries ON pools;
DROP TRIGGER pools_equal_grants ON pools;
DROP TRIGGER grants_equal_pool ON grants;
DROP TRIGGER grants_keep_their_terms ON grants;
DROP FUNCTION entries_advance_pool;
DROP FUNCTION ledger_consume;
DROP FUNCTION ledger_credit;
DROP FUNCTION pools_check_balance;
DROP FUNCTION pools_last_balance;
DROP TRIGGER pools_keep_their_holder ON pools;
DROP FUNCTION pools_refuse_rename;
DROP FUNCTION pools_refuse_direct_change;
DROP FUNCTION grants_refuse_rewrite;
ALTER TABLE pools
  ALTER COLUMN included_nanos TYPE nanos_not_negative,
  ALTER COLUMN debt_nanos TYPE nanos_not_negative,
  ALTER COLUMN lifetime_added_nanos TYPE nanos_not_negative,
  ALTER COLUMN lifetime_spent_nanos TYPE nanos_not_negative;
ALTER TABLE grants
  DROP CONSTRAINT grants_check,
  DROP CONSTRAINT grants_original_nanos_check,
  DROP CONSTRAINT grants_paid_credits_never_expire,
  ALTER COLUMN remaining_nanos TYPE nanos_not_negative;
ALTER TABLE entries RENAME TO entries_before_metering;
ALTER TABLE entries_before_metering RENAME CONSTRAINT entries_pkey TO entries_before_metering_pkey;
ALTER TABLE entries_before_metering RENAME CONSTRAINT entries_once_per_cause TO entries_before_metering_once_per_cause;

-- The order of the columns leaves no gaps: 230 bytes of disk per spend, indexes included, is what this may cost.
CREATE TABLE entries (
  team_id uuid NOT NULL,
  seq bigint NOT NULL,
  amount_nanos bigint NOT NULL,
  balance_after_nanos bigint NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  -- Of a usage record: 64 bits of its key's hash, and 32 that cover the rest of the key and the body.
  usage_key bigint,
  quantity bigint,
  usage_print integer,
  pool_no integer NOT NULL,
  bucket bucket NOT NULL,
  kind entry_kind NOT NULL,
  -- Of a consumption: what was used and by whom, and the grant that paid.
  meter_no integer,
  grant_no integer,
  -- Rarely there. A record that several grants paid has a row for each, one after the other; the first says how many.
  pieces smallint,
  allowance_quantity bigint,
  -- What was held in the pool when the usage was answered.
  held_nanos bigint,
  -- When the client says that it happened, if not when it was written.
  reported_at timestamptz,
  -- Of everything else: the row that caused it, such as a purchase or a period.
  cause_id uuid,
  detail text CHECK (length(detail) BETWEEN 1 AND 200),
  metadata jsonb,
  occurred_at timestamptz NOT NULL GENERATED ALWAYS AS (coalesce(reported_at, created_at)) VIRTUAL,
  -- The bucket comes before the number, so that one index gives a bucket's history at any depth.
  PRIMARY KEY (team_id, pool_no, bucket, seq) WITH (fillfactor = 100),
  CONSTRAINT entries_sign_fits_kind CHECK (
    kind <> 'consumption' OR (amount_nanos <= 0 AND balance_after_nanos >= 0 AND (amount_nanos < 0 OR quantity > 0))
  )
);
CREATE UNIQUE INDEX entries_once_per_key ON entries (team_id, usage_key) WHERE usage_key IS NOT NULL;
CREATE UNIQUE INDEX entries_once_per_cause ON entries (team_id, cause_id, kind, bucket) WHERE cause_id IS NOT NULL;

INSERT INTO entries (team_id, seq, amount_nanos, balance_after_nanos, created_at, reported_at, pool_no, bucket, kind, cause_id, detail)
  SELECT e.team_id, e.seq, e.amount_nanos, e.balance_after_nanos, e.created_at, e.occurred_at, p.no, e.bucket, e.kind, e.cause_id, e.detail
  FROM entries_before_metering e JOIN pools p ON p.team_id = e.team_id AND p.id = e.pool_id
  ORDER BY e.team_id, p.no, e.seq;
DROP TABLE entries_before_metering;

-- A mistake of history is corrected by another entry.
CREATE TRIGGER entries_append_only BEFORE UPDATE OR DELETE ON entries
  FOR EACH ROW EXECUTE FUNCTION entries_refuse_change();
CREATE TRIGGER entries_no_truncate BEFORE TRUNCATE ON entries
  FOR EACH STATEMENT EXECUTE FUNCTION entries_refuse_change();

-- What a pool's plan still gives this period, in quantities.
CREATE TABLE allowances (
  team_id uuid NOT NULL,
  pool_id uuid NOT NULL,
  period_starts_at timestamptz NOT NULL,
  consumable text NOT NULL,
  granted bigint NOT NULL CHECK (granted > 0),
  used bigint NOT NULL DEFAULT 0,
  PRIMARY KEY (team_id, pool_id, period_starts_at, consumable),
  FOREIGN KEY (team_id, pool_id) REFERENCES pools (team_id, id),
  CONSTRAINT allowances_never_overdrawn CHECK (used BETWEEN 0 AND granted)
) WITH (fillfactor = 50);

-- Each billing period of a pool that was begun: the cause of its included credits.
CREATE TABLE periods (
  team_id uuid NOT NULL,
  id uuid NOT NULL DEFAULT uuidv7(),
  pool_id uuid NOT NULL,
  plan plan NOT NULL,
  starts_at timestamptz NOT NULL,
  ends_at timestamptz NOT NULL CHECK (ends_at > starts_at),
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (team_id, id),
  FOREIGN KEY (team_id, pool_id) REFERENCES pools (team_id, id),
  CONSTRAINT periods_begin_once UNIQUE (team_id, pool_id, starts_at)
);

-- Daily totals, kept in the spend. They also say between which entries a day's records of a meter lie, so that records
-- are found by member, key, consumable and day through the entries' own key.
CREATE TABLE usage_days (
  team_id uuid NOT NULL,
  pool_id uuid NOT NULL,
  -- The day of the usage, in UTC.
  day date NOT NULL,
  meter_no integer NOT NULL,
  records bigint NOT NULL,
  quantity bigint NOT NULL,
  allowance_quantity bigint NOT NULL,
  included_nanos bigint NOT NULL,
  credits_nanos bigint NOT NULL,
  first_seq bigint NOT NULL,
  last_seq bigint NOT NULL,
  PRIMARY KEY (team_id, pool_id, day, meter_no),
  FOREIGN KEY (team_id, pool_id) REFERENCES pools (team_id, id),
  FOREIGN KEY (team_id, meter_no) REFERENCES meters (team_id, no)
) WITH (fillfactor = 50);
CREATE INDEX usage_days_team_idx ON usage_days (team_id, day);

CREATE TYPE hold_status AS ENUM ('open', 'captured', 'released', 'expired');

-- Credits set aside for a run whose cost is not known yet.
CREATE TABLE holds (
  team_id uuid NOT NULL,
  id uuid NOT NULL DEFAULT uuidv7(),
  pool_id uuid NOT NULL,
  meter_no integer NOT NULL,
  status hold_status NOT NULL DEFAULT 'open',
  -- What was asked to be set aside, and what of it is still set aside while the hold is open.
  quantity bigint NOT NULL CHECK (quantity > 0),
  amount_nanos bigint NOT NULL CHECK (amount_nanos >= 0),
  left_nanos bigint NOT NULL CHECK (left_nanos BETWEEN 0 AND amount_nanos),
  request_key text NOT NULL CHECK (length(request_key) BETWEEN 1 AND 300),
  request_print text NOT NULL,
  expires_at timestamptz NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  settled_at timestamptz,
  captured_quantity bigint CHECK (captured_quantity >= 0),
  shortfall_nanos bigint CHECK (shortfall_nanos >= 0),
  PRIMARY KEY (team_id, id),
  FOREIGN KEY (team_id, pool_id) REFERENCES pools (team_id, id),
  FOREIGN KEY (team_id, meter_no) REFERENCES meters (team_id, no),
  CONSTRAINT holds_once_per_request UNIQUE (team_id, request_key),
  CONSTRAINT holds_settled_hold_nothing CHECK (
    (status = 'open') = (settled_at IS NULL) AND (status = 'open' OR left_nanos = 0)
    AND (status = 'captured') = (captured_quantity IS NOT NULL) AND (status = 'captured') = (shortfall_nanos IS NOT NULL)
  )
);
CREATE INDEX holds_open_idx ON holds (team_id, pool_id, expires_at) WHERE status = 'open';

CREATE TYPE agent_task_state AS ENUM ('QUEUED', 'IN_PROGRESS', 'SUCCEEDED', 'FAILED', 'CANCELLED');

CREATE TABLE agent_tasks (
  team_id uuid NOT NULL REFERENCES teams,
  id uuid NOT NULL DEFAULT uuidv7(),
  state agent_task_state NOT NULL DEFAULT 'QUEUED',
  title text NOT NULL CHECK (length(title) BETWEEN 1 AND 200),
  trigger text NOT NULL CHECK (trigger IN ('user', 'api_key', 'schedule', 'integration')),
  member_id uuid,
  api_key_id uuid,
  pool_id uuid NOT NULL,
  hold_id uuid,
  -- The problem document that a task without credits failed with.
  error jsonb,
  request_key text CHECK (length(request_key) BETWEEN 1 AND 300),
  request_print text,
  created_at timestamptz NOT NULL DEFAULT now(),
  started_at timestamptz,
  finished_at timestamptz,
  PRIMARY KEY (team_id, id),
  FOREIGN KEY (team_id, member_id) REFERENCES members (team_id, id),
  FOREIGN KEY (team_id, api_key_id) REFERENCES api_keys (team_id, id),
  FOREIGN KEY (team_id, pool_id) REFERENCES pools (team_id, id),
  FOREIGN KEY (team_id, hold_id) REFERENCES holds (team_id, id),
  CONSTRAINT agent_tasks_once_per_request UNIQUE (team_id, request_key),
  CONSTRAINT agent_tasks_finished_is_final CHECK ((state IN ('SUCCEEDED', 'FAILED', 'CANCELLED')) = (finished_at IS NOT NULL))
);

-- Who may write. Entries, grants, holds, allowances and what a pool holds are written by the functions below alone; each
-- names itself in this setting for as long as it runs. It keeps mistakes out, not whoever owns the database.
CREATE FUNCTION ledger_refuse_writer() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% are written by the ledger''s functions only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER allowances_by_ledger BEFORE INSERT OR UPDATE OR DELETE ON allowances FOR EACH STATEMENT
  WHEN (coalesce(current_setting('ledger.writer', true), '') = '') EXECUTE FUNCTION ledger_refuse_writer();
CREATE TRIGGER holds_by_ledger BEFORE INSERT OR UPDATE OR DELETE ON holds FOR EACH STATEMENT
  WHEN (coalesce(current_setting('ledger.writer', true), '') = '') EXECUTE FUNCTION ledger_refuse_writer();
CREATE TRIGGER usage_days_by_ledger BEFORE INSERT OR UPDATE OR DELETE ON usage_days FOR EACH STATEMENT
  WHEN (coalesce(current_setting('ledger.writer', true), '') = '') EXECUTE FUNCTION ledger_refuse_writer();

-- What an entry, a grant or a pool may become, whoever writes it. ledger_spend can't do any of this: it only appends
-- consumption, takes from what grants have left, and moves totals.
CREATE FUNCTION entries_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF coalesce(current_setting('ledger.writer', true), '') = '' THEN
    RAISE EXCEPTION 'entries are written by the ledger''s functions only' USING ERRCODE = 'restrict_violation';
  END IF;
  IF NOT (CASE NEW.kind
      WHEN 'consumption' THEN NEW.amount_nanos < 0 OR (NEW.bucket = 'included' AND NEW.quantity > 0)
      WHEN 'refund' THEN NEW.amount_nanos < 0 AND NEW.bucket = 'credits'
      WHEN 'dispute' THEN NEW.amount_nanos < 0 AND NEW.bucket = 'credits'
      WHEN 'expiry' THEN NEW.amount_nanos < 0
      WHEN 'included_grant' THEN NEW.amount_nanos > 0 AND NEW.bucket = 'included'
      WHEN 'transfer' THEN NEW.amount_nanos <> 0
      WHEN 'adjustment' THEN NEW.amount_nanos <> 0
      ELSE NEW.amount_nanos > 0 AND NEW.bucket = 'credits'
    END) THEN
    RAISE EXCEPTION 'entries_sign_fits_kind: an entry of kind % can''t move % by %', NEW.kind, NEW.bucket, NEW.amount_nanos USING ERRCODE = 'check_violation';
  END IF;
  IF NEW.cause_id IS NULL THEN
    RAISE EXCEPTION 'an entry has a cause' USING ERRCODE = 'not_null_violation';
  END IF;
  IF NEW.balance_after_nanos < 0 AND NEW.amount_nanos <= 0 AND NEW.kind NOT IN ('refund', 'dispute') THEN
    RAISE EXCEPTION 'entries_sign_fits_kind: only refunds and disputes make debt' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER entries_guard BEFORE INSERT ON entries FOR EACH ROW
  WHEN (current_setting('ledger.writer', true) IS DISTINCT FROM 'spend') EXECUTE FUNCTION entries_guard();

CREATE FUNCTION grants_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF coalesce(current_setting('ledger.writer', true), '') = '' THEN
    RAISE EXCEPTION 'grants are written by the ledger''s functions only' USING ERRCODE = 'restrict_violation';
  END IF;
  IF TG_OP = 'UPDATE' AND (to_jsonb(NEW) - '{remaining_nanos,is_open}'::text[]) <> (to_jsonb(OLD) - '{remaining_nanos,is_open}'::text[]) THEN
    RAISE EXCEPTION 'of a grant only what remains changes' USING ERRCODE = 'restrict_violation';
  END IF;
  IF NEW.original_nanos <= 0 OR NEW.remaining_nanos > NEW.original_nanos THEN
    RAISE EXCEPTION 'a grant holds more than nothing and at most what was granted' USING ERRCODE = 'check_violation';
  END IF;
  IF NEW.kind NOT IN ('included', 'promotion') AND NEW.expires_at IS NOT NULL THEN
    RAISE EXCEPTION 'grants_paid_credits_never_expire' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER grants_guard BEFORE INSERT OR UPDATE ON grants FOR EACH ROW
  WHEN (current_setting('ledger.writer', true) IS DISTINCT FROM 'spend') EXECUTE FUNCTION grants_guard();

CREATE FUNCTION pools_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (OLD.team_id, OLD.id, OLD.no, OLD.member_id) IS DISTINCT FROM (NEW.team_id, NEW.id, NEW.no, NEW.member_id) THEN
    RAISE EXCEPTION 'a pool stays whose it is' USING ERRCODE = 'restrict_violation';
  END IF;
  IF coalesce(current_setting('ledger.writer', true), '') = '' THEN
    RAISE EXCEPTION 'pools are written by the ledger''s functions only' USING ERRCODE = 'restrict_violation';
  END IF;
  IF (NEW.period_starts_at IS NULL) <> (NEW.period_ends_at IS NULL) THEN
    RAISE EXCEPTION 'a period has a start and an end' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER pools_guard BEFORE UPDATE ON pools FOR EACH ROW
  WHEN (current_setting('ledger.writer', true) IS DISTINCT FROM 'spend') EXECUTE FUNCTION pools_guard();

-- Each entry goes on where its pool's entries end. Not after ledger_spend, which numbers and sums its rows itself and
-- alone writes entries without a cause: usage is its own.
CREATE FUNCTION entries_check_chain() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.balance_after_nanos - NEW.amount_nanos <> coalesce((
      SELECT e.balance_after_nanos FROM entries e
      WHERE e.team_id = NEW.team_id AND e.pool_no = NEW.pool_no AND e.bucket = NEW.bucket AND e.seq < NEW.seq
      ORDER BY e.seq DESC LIMIT 1), 0)
    OR NEW.seq <> 1 AND NOT EXISTS (
      SELECT 1 FROM entries e WHERE e.team_id = NEW.team_id AND e.pool_no = NEW.pool_no
        AND e.bucket IN ('included', 'credits') AND e.seq = NEW.seq - 1)
    OR EXISTS (
      SELECT 1 FROM entries e WHERE e.team_id = NEW.team_id AND e.pool_no = NEW.pool_no
        AND e.bucket = CASE NEW.bucket WHEN 'included' THEN 'credits'::bucket ELSE 'included' END AND e.seq = NEW.seq) THEN
    RAISE EXCEPTION 'entry % of pool % does not continue the chain', NEW.seq, NEW.pool_no
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER entries_continue_chain AFTER INSERT ON entries FOR EACH ROW
  WHEN (NEW.cause_id IS NOT NULL) EXECUTE FUNCTION entries_check_chain();

-- At commit each bucket equals its last entry and what is left in its grants, less debt, and what is held equals the open
-- holds. Not after ledger_spend, whose one set of rows is entries, grants and totals at once; a nightly job looks at all.
CREATE FUNCTION pools_check_balance() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  changed jsonb := to_jsonb(NEW);
  checked_team uuid := NEW.team_id;
  checked_pool uuid;
  pool pools;
  actual record;
BEGIN
  IF TG_TABLE_NAME = 'entries' THEN
    SELECT * INTO pool FROM pools p WHERE p.team_id = checked_team AND p.no = (changed ->> 'pool_no')::integer;
  ELSE
    SELECT * INTO pool FROM pools p
      WHERE p.team_id = checked_team AND p.id = (changed ->> CASE TG_TABLE_NAME WHEN 'pools' THEN 'id' ELSE 'pool_id' END)::uuid;
  END IF;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'the team has no such pool' USING ERRCODE = 'foreign_key_violation';
  END IF;
  checked_pool := pool.id;
  SELECT
    coalesce((SELECT sum(g.remaining_nanos) FROM grants g WHERE g.team_id = checked_team AND g.pool_id = checked_pool AND g.is_open AND g.kind = 'included'), 0) AS included_left,
    coalesce((SELECT sum(g.remaining_nanos) FROM grants g WHERE g.team_id = checked_team AND g.pool_id = checked_pool AND g.is_open AND g.kind <> 'included'), 0) AS credits_left,
    coalesce((SELECT sum(h.left_nanos) FROM holds h WHERE h.team_id = checked_team AND h.pool_id = checked_pool AND h.status = 'open'), 0) AS held,
    (SELECT e.balance_after_nanos FROM entries e WHERE e.team_id = checked_team AND e.pool_no = pool.no AND e.bucket = 'included' ORDER BY e.seq DESC LIMIT 1) AS included_after,
    (SELECT e.balance_after_nanos FROM entries e WHERE e.team_id = checked_team AND e.pool_no = pool.no AND e.bucket = 'credits' ORDER BY e.seq DESC LIMIT 1) AS credits_after,
    greatest(
      (SELECT max(e.seq) FROM entries e WHERE e.team_id = checked_team AND e.pool_no = pool.no AND e.bucket = 'included'),
      (SELECT max(e.seq) FROM entries e WHERE e.team_id = checked_team AND e.pool_no = pool.no AND e.bucket = 'credits'), 0) AS newest_seq
    INTO actual;
  IF pool.last_seq <> actual.newest_seq OR pool.included_nanos <> coalesce(actual.included_after, 0)
    OR pool.credits_nanos <> coalesce(actual.credits_after, 0) THEN
    RAISE EXCEPTION 'pool % disagrees with its entries', checked_pool USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  IF pool.included_nanos <> actual.included_left OR pool.credits_nanos <> actual.credits_left - pool.debt_nanos THEN
    RAISE EXCEPTION 'pool % disagrees with its grants: included % against %, credits % against % less debt %',
      checked_pool, pool.included_nanos, actual.included_left, pool.credits_nanos, actual.credits_left, pool.debt_nanos
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  IF pool.held_nanos <> actual.held THEN
    RAISE EXCEPTION 'pool % disagrees with its holds: % against %', checked_pool, pool.held_nanos, actual.held
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER pools_equal_grants AFTER UPDATE ON pools
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (current_setting('ledger.writer', true) IS DISTINCT FROM 'spend') EXECUTE FUNCTION pools_check_balance();
CREATE CONSTRAINT TRIGGER entries_equal_pool AFTER INSERT ON entries
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.cause_id IS NOT NULL) EXECUTE FUNCTION pools_check_balance();
CREATE CONSTRAINT TRIGGER grants_equal_pool AFTER INSERT OR UPDATE ON grants
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (current_setting('ledger.writer', true) IS DISTINCT FROM 'spend') EXECUTE FUNCTION pools_check_balance();
CREATE CONSTRAINT TRIGGER holds_equal_pool AFTER INSERT OR UPDATE ON holds
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION pools_check_balance();

-- Entries name their pool by number, purchases by id.
CREATE OR REPLACE FUNCTION purchases_check_credit() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (
    SELECT 1 FROM entries e JOIN pools p ON p.team_id = e.team_id AND p.no = e.pool_no
    WHERE e.team_id = NEW.team_id AND e.cause_id = NEW.id AND p.id = NEW.pool_id
      AND e.kind = CASE NEW.kind WHEN 'one_time' THEN 'purchase'::entry_kind ELSE 'auto_top_up'::entry_kind END
      AND e.bucket = 'credits' AND e.amount_nanos = NEW.captured_nanos
  ) THEN
    RAISE EXCEPTION 'purchase % succeeded without its credits', NEW.id USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NULL;
END $$;
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
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER entries_credit_is_captured AFTER INSERT ON entries
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.cause_id IS NOT NULL) EXECUTE FUNCTION entries_check_purchase();

-- Sums of nanos stay whole numbers of eight bytes; the built-in sum answers a numeric, which is slower to make and read.
CREATE AGGREGATE sum_nanos(bigint) (sfunc = int8pl, stype = bigint, initcond = '0');

-- Adds credits to a pool: one grant, one entry. Debt is repaid first. A cause that was already credited changes nothing.
CREATE FUNCTION ledger_credit(
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

  SELECT * INTO known FROM entries e
    WHERE e.team_id = p_team AND e.cause_id = p_cause AND e.kind = p_kind AND e.bucket = target;
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
  INSERT INTO entries (team_id, pool_no, seq, bucket, kind, amount_nanos, balance_after_nanos, cause_id, grant_no, detail, reported_at)
    VALUES (p_team, pool.no, seq, target, p_kind, p_amount, balance_after_nanos, p_cause, pool.last_grant_no + 1, p_detail, p_occurred_at);
  INSERT INTO grants (team_id, pool_id, no, kind, priority, original_nanos, remaining_nanos, is_open, cause_id, expires_at)
    VALUES (p_team, p_pool, pool.last_grant_no + 1, p_grant_kind, p_priority, p_amount, p_amount - repaid, p_amount > repaid, p_cause, p_expires_at);
  UPDATE pools p SET
    last_seq = p.last_seq + 1, revision = p.revision + 1, last_grant_no = p.last_grant_no + 1, debt_nanos = p.debt_nanos - repaid,
    included_nanos = p.included_nanos + CASE target WHEN 'included' THEN p_amount ELSE 0 END,
    credits_nanos = p.credits_nanos + CASE target WHEN 'credits' THEN p_amount ELSE 0 END,
    lifetime_added_nanos = p.lifetime_added_nanos + CASE WHEN p_kind IN ('purchase', 'auto_top_up') THEN p_amount ELSE 0 END
    WHERE p.team_id = p_team AND p.id = p_pool;
  PERFORM ledger_rearm(p_team, p_pool);
END $$;

-- A pool that recovered may be told low or used up again. Below a cent counts as used up: nothing less can be seen or bought.
CREATE FUNCTION ledger_rearm(p_team uuid, p_pool uuid) RETURNS void LANGUAGE sql AS $$
  UPDATE pools p SET
    is_low = p.is_low AND p.credits_nanos <= t.low_balance_threshold_nanos,
    is_depleted = p.is_depleted AND p.credits_nanos + p.included_nanos < 10000000
  FROM teams t
  WHERE p.team_id = p_team AND p.id = p_pool AND t.id = p_team
    AND ((p.is_low AND p.credits_nanos > t.low_balance_threshold_nanos)
      OR (p.is_depleted AND p.credits_nanos + p.included_nanos >= 10000000))
$$;

-- Notes that a pool has become low or was used up other than by a spend, and answers what is new, for the caller to tell.
CREATE FUNCTION ledger_note_fall(p_team uuid, p_pool uuid, OUT crossings text[], OUT revision bigint)
LANGUAGE plpgsql SET ledger.writer = 'note' AS $$
DECLARE
  pool record;
BEGIN
  SELECT p.revision, p.is_low, p.is_depleted, p.credits_nanos <= t.low_balance_threshold_nanos AS falls_low,
      p.credits_nanos + p.included_nanos < 10000000 AS falls_empty
    INTO STRICT pool FROM pools p JOIN teams t ON t.id = p.team_id WHERE p.team_id = p_team AND p.id = p_pool;
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

-- Writes spends that were planned on one revision of each pool. Pools that have changed since, or hold less than the
-- caller believed, are left alone and not answered; nothing at all is written for another version of the team. Amounts
-- are negative; the rows of a pool come in the order in which they were planned. Entries, grants, totals and daily totals all come from the same rows.
-- The plans here are index look-ups of a handful of rows, whatever the tables' sizes, so the planner is told once.
CREATE FUNCTION ledger_spend(
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
  -- In one order, so that two processes with the same pools wait for each other instead of locking each other out.
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
      -- What is held is not spent, and nothing is while there is debt, whatever the caller believed.
      AND (sums.credits + sums.included = 0
        OR (p.debt_nanos = 0 AND p.credits_nanos + p.included_nanos + sums.credits + sums.included >= p.held_nanos))
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

-- Sets credits aside. The caller has read the pool under its lock and found enough.
CREATE FUNCTION ledger_open_hold(
  p_team uuid, p_id uuid, p_pool uuid, p_meter integer, p_quantity bigint, p_amount bigint,
  p_request_key text, p_request_print text, p_now timestamptz, p_expires_at timestamptz
) RETURNS void LANGUAGE plpgsql SET ledger.writer = 'hold' AS $$
BEGIN
  UPDATE pools p SET held_nanos = p.held_nanos + p_amount, revision = p.revision + 1,
      holds_expire_at = least(p.holds_expire_at, p_expires_at)
    WHERE p.team_id = p_team AND p.id = p_pool AND p.debt_nanos = 0
      AND p.included_nanos + p.credits_nanos - p.held_nanos >= p_amount;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'pool % holds too little to set % aside', p_pool, p_amount USING ERRCODE = 'check_violation';
  END IF;
  INSERT INTO holds (team_id, id, pool_id, meter_no, quantity, amount_nanos, left_nanos, request_key, request_print, created_at, expires_at)
    VALUES (p_team, p_id, p_pool, p_meter, p_quantity, p_amount, p_amount, p_request_key, p_request_print, p_now, p_expires_at);
END $$;

-- Gives back some or all of what an open hold sets aside, and settles it if it is given another status.
CREATE FUNCTION ledger_reduce_hold(
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
END $$;

-- Writes off what time has ended: holds that ran out, and what is left of grants that expired. Answers whether there was any.
CREATE FUNCTION ledger_expire(p_team uuid, p_pool uuid, p_now timestamptz) RETURNS boolean
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
  RETURN changed;
END $$;

-- Begins a billing period: what the last one included and was not used expires, then the new one's allowances and included
-- credits come. Bought credits stay. A period that is still to come begins at once when the pool has no other. False: the
-- pool's present period isn't over, even if the team's anchor has moved, or a later one had begun already.
CREATE FUNCTION ledger_begin_period(
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
  UPDATE pools p SET period_starts_at = p_starts_at, period_ends_at = p_ends_at, revision = p.revision + 1
    WHERE p.team_id = p_team AND p.id = p_pool;
  INSERT INTO allowances (team_id, pool_id, period_starts_at, consumable, granted)
    SELECT p_team, p_pool, p_starts_at, a.consumable, a.quantity FROM unnest(p_consumables, p_quantities) AS a (consumable, quantity);
  IF p_included > 0 THEN
    PERFORM ledger_credit(p_team, p_pool, 'included_grant', 'included', p_priority, p_included, p_period, p_starts_at, p_ends_at, NULL);
  END IF;
  PERFORM ledger_rearm(p_team, p_pool);
  RETURN true;
END $$;

-- Everything that decides about the next spend of some pools, as it is now or, locked, as it stays until the transaction ends.
CREATE FUNCTION ledger_read_pools(p_team uuid, p_pools uuid[], p_lock boolean)
RETURNS TABLE (
  id uuid, no integer, revision bigint, last_seq bigint, credits_nanos bigint, included_nanos bigint, debt_nanos bigint, held_nanos bigint,
  is_low boolean, is_depleted boolean, has_had_credits boolean, period_starts_at timestamptz, period_ends_at timestamptz,
  holds_expire_at timestamptz, lots json, allowances json
) LANGUAGE plpgsql AS $$
BEGIN
  IF p_lock THEN
    -- A statement of its own: what is read next must be newer than the lock.
    PERFORM 1 FROM pools p WHERE p.team_id = p_team AND p.id = ANY (p_pools) ORDER BY p.id FOR NO KEY UPDATE;
  END IF;
  RETURN QUERY SELECT p.id, p.no, p.revision, p.last_seq, p.credits_nanos, p.included_nanos::bigint, p.debt_nanos::bigint, p.held_nanos::bigint,
      p.is_low, p.is_depleted, p.lifetime_added_nanos > 0 OR p.lifetime_spent_nanos > 0, p.period_starts_at, p.period_ends_at,
      p.holds_expire_at,
      (SELECT json_agg(json_build_array(g.id, g.no, g.kind, g.remaining_nanos::text, floor(extract(epoch FROM g.expires_at) * 1000))
        ORDER BY g.priority, g.expires_at NULLS LAST, g.id)
        FROM grants g WHERE g.team_id = p_team AND g.pool_id = p.id AND g.is_open),
      (SELECT json_agg(json_build_array(a.consumable, (a.granted - a.used)::text)) FROM allowances a
        WHERE a.team_id = p_team AND a.pool_id = p.id AND a.period_starts_at = p.period_starts_at AND a.granted > a.used)
    FROM pools p WHERE p.team_id = p_team AND p.id = ANY (p_pools);
END $$;
