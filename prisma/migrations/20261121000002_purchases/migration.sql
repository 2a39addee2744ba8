-- Payments: what was asked of Stripe, and what became of it.

CREATE TYPE purchase_kind AS ENUM ('one_time', 'auto_top_up');
CREATE TYPE purchase_status AS ENUM ('created', 'open', 'processing', 'succeeded', 'failed', 'expired', 'cancelled');

CREATE TABLE purchases (
  team_id uuid NOT NULL REFERENCES teams,
  id uuid NOT NULL DEFAULT uuidv7(),
  pool_id uuid NOT NULL,
  kind purchase_kind NOT NULL,
  status purchase_status NOT NULL DEFAULT 'created',
  -- What was quoted. What counts for the ledger is captured_nanos, which Stripe says.
  amount_nanos bigint NOT NULL CHECK (amount_nanos > 0 AND amount_nanos % 10000000 = 0),
  captured_nanos bigint CHECK (captured_nanos > 0 AND captured_nanos % 10000000 = 0),
  requested_by_member_id uuid NOT NULL,
  -- Chosen by the client for one intended purchase, so that a repeated request is the same purchase.
  request_key text NOT NULL CHECK (length(request_key) BETWEEN 8 AND 100),
  checkout_session_id text,
  payment_intent_id text,
  receipt_url text,
  failure_reason text,
  created_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL,
  settled_at timestamptz,
  PRIMARY KEY (team_id, id),
  FOREIGN KEY (team_id, pool_id) REFERENCES pools (team_id, id),
  FOREIGN KEY (team_id, requested_by_member_id) REFERENCES members (team_id, id),
  CONSTRAINT purchases_once_per_request UNIQUE (team_id, request_key),
  CONSTRAINT purchases_once_per_session UNIQUE (team_id, checkout_session_id),
  CONSTRAINT purchases_once_per_payment UNIQUE (team_id, payment_intent_id),
  CONSTRAINT purchases_success_names_its_payment CHECK (
    (status = 'succeeded') = (captured_nanos IS NOT NULL)
    AND (status <> 'succeeded' OR (payment_intent_id IS NOT NULL AND settled_at IS NOT NULL))
  )
);
CREATE INDEX purchases_pool_idx ON purchases (team_id, pool_id, created_at DESC);
CREATE INDEX purchases_processing_idx ON purchases (team_id, pool_id) WHERE status = 'processing';

-- A settled purchase stays settled, and what was asked never changes.
CREATE FUNCTION purchases_refuse_regress() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.status = 'succeeded' AND (NEW.status, NEW.captured_nanos, NEW.payment_intent_id)
    IS DISTINCT FROM (OLD.status, OLD.captured_nanos, OLD.payment_intent_id) THEN
    RAISE EXCEPTION 'a purchase that succeeded stays as it is' USING ERRCODE = 'restrict_violation';
  END IF;
  -- A checkout that a person left is expired for Stripe, who may say so first.
  IF OLD.status IN ('failed', 'expired', 'cancelled') AND NEW.status NOT IN (OLD.status, 'succeeded')
    AND NOT (OLD.status = 'expired' AND NEW.status = 'cancelled') THEN
    RAISE EXCEPTION 'a purchase that ended can only turn out to be paid' USING ERRCODE = 'restrict_violation';
  END IF;
  IF OLD.status = 'processing' AND NEW.status IN ('created', 'open') THEN
    RAISE EXCEPTION 'a payment that is processing was made' USING ERRCODE = 'restrict_violation';
  END IF;
  IF (NEW.team_id, NEW.id, NEW.pool_id, NEW.kind, NEW.amount_nanos, NEW.request_key, NEW.requested_by_member_id, NEW.created_at, NEW.expires_at)
    IS DISTINCT FROM (OLD.team_id, OLD.id, OLD.pool_id, OLD.kind, OLD.amount_nanos, OLD.request_key, OLD.requested_by_member_id, OLD.created_at, OLD.expires_at)
    OR (OLD.checkout_session_id IS NOT NULL AND NEW.checkout_session_id IS DISTINCT FROM OLD.checkout_session_id) THEN
    RAISE EXCEPTION 'what was asked in a purchase never changes' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER purchases_no_regress BEFORE UPDATE ON purchases FOR EACH ROW EXECUTE FUNCTION purchases_refuse_regress();

CREATE FUNCTION purchases_refuse_delete() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'purchases are kept' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER purchases_are_kept BEFORE DELETE ON purchases FOR EACH ROW EXECUTE FUNCTION purchases_refuse_delete();
CREATE TRIGGER purchases_no_truncate BEFORE TRUNCATE ON purchases FOR EACH STATEMENT EXECUTE FUNCTION purchases_refuse_delete();

-- At commit a purchase succeeded exactly when its credits are in the ledger, to the nano.
CREATE FUNCTION purchases_check_credit() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (
    SELECT 1 FROM entries e WHERE e.team_id = NEW.team_id AND e.cause_id = NEW.id AND e.pool_id = NEW.pool_id
      AND e.kind = CASE NEW.kind WHEN 'one_time' THEN 'purchase'::entry_kind ELSE 'auto_top_up'::entry_kind END
      AND e.bucket = 'credits' AND e.amount_nanos = NEW.captured_nanos
  ) THEN
    RAISE EXCEPTION 'purchase % succeeded without its credits', NEW.id USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER purchases_success_is_credited AFTER INSERT OR UPDATE ON purchases
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.status = 'succeeded') EXECUTE FUNCTION purchases_check_credit();

CREATE FUNCTION entries_check_purchase() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (
    SELECT 1 FROM purchases p WHERE p.team_id = NEW.team_id AND p.id = NEW.cause_id AND p.pool_id = NEW.pool_id
      AND p.status = 'succeeded' AND p.captured_nanos = NEW.amount_nanos
      -- As the other kind it could be credited a second time.
      AND NEW.kind = CASE p.kind WHEN 'one_time' THEN 'purchase'::entry_kind ELSE 'auto_top_up'::entry_kind END
  ) THEN
    RAISE EXCEPTION 'entry % of pool % credits a purchase that was not captured', NEW.seq, NEW.pool_id
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER entries_credit_is_captured AFTER INSERT ON entries
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.kind IN ('purchase', 'auto_top_up'))
  EXECUTE FUNCTION entries_check_purchase();

-- Which team a Stripe customer is. Looked up before the team is known, so it belongs to no team. A customer that was
-- deleted at Stripe is replaced and kept, so that what arrives late for it still finds its team.
CREATE TABLE stripe_customers (
  id text PRIMARY KEY,
  team_id uuid NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  replaced_at timestamptz
);
CREATE UNIQUE INDEX stripe_customers_current_idx ON stripe_customers (team_id) WHERE replaced_at IS NULL;

CREATE TYPE stripe_event_status AS ENUM ('received', 'processed', 'ignored', 'failed');

-- The inbox: an event is kept here before Stripe is told that it arrived. Its payload is not: whoever handles it reads
-- the object again.
CREATE TABLE stripe_events (
  id text PRIMARY KEY,
  type text NOT NULL,
  object_id text NOT NULL,
  status stripe_event_status NOT NULL DEFAULT 'received',
  attempts integer NOT NULL DEFAULT 0,
  last_error text,
  created_at timestamptz NOT NULL,
  received_at timestamptz NOT NULL DEFAULT now(),
  processed_at timestamptz
);
CREATE INDEX stripe_events_unfinished_idx ON stripe_events (received_at) WHERE status IN ('received', 'failed');

-- Money that Stripe captured and that can't be credited by rule: kept in sight until a person has decided.
CREATE TABLE parked_payments (
  payment_intent_id text PRIMARY KEY,
  team_id uuid,
  amount_minor bigint NOT NULL,
  currency text NOT NULL,
  reason text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  resolved_at timestamptz
);
CREATE INDEX parked_payments_open_idx ON parked_payments (team_id) WHERE resolved_at IS NULL;
