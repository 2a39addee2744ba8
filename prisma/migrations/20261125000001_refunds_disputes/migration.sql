-- Money that leaves again: refunds and disputes, made at Stripe. lib/clawbacks/README.md says how they take credits back.

CREATE TYPE refund_status AS ENUM ('requires_action', 'pending', 'succeeded', 'failed', 'canceled');
-- An inquiry takes no money. Open and lost have taken it, won has brought it back.
CREATE TYPE dispute_status AS ENUM ('inquiry', 'open', 'won', 'lost');

-- What is read at Stripe takes a number before it is read. Two reads may end in another order than they began; the one
-- that began later is the one that counts. It belongs to no team, like Stripe's inbox.
CREATE SEQUENCE stripe_reads;

CREATE TABLE refunds (
  team_id uuid NOT NULL REFERENCES teams,
  id uuid NOT NULL DEFAULT uuidv7(),
  stripe_refund_id text NOT NULL,
  payment_intent_id text NOT NULL,
  -- Null while the payment is not credited: then nothing can be taken back, and the refund waits.
  purchase_id uuid,
  amount_nanos bigint NOT NULL CHECK (amount_nanos > 0 AND amount_nanos % 10000000 = 0),
  status refund_status NOT NULL,
  reason text,
  failure_reason text,
  read_no bigint NOT NULL,
  occurred_at timestamptz NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (team_id, id),
  FOREIGN KEY (team_id, purchase_id) REFERENCES purchases (team_id, id),
  CONSTRAINT refunds_once UNIQUE (team_id, stripe_refund_id),
  CONSTRAINT refunds_of_purchase UNIQUE (team_id, purchase_id, id)
);
CREATE INDEX refunds_waiting_idx ON refunds (team_id, payment_intent_id) WHERE purchase_id IS NULL;

CREATE TABLE disputes (
  team_id uuid NOT NULL REFERENCES teams,
  id uuid NOT NULL DEFAULT uuidv7(),
  stripe_dispute_id text NOT NULL,
  payment_intent_id text NOT NULL,
  -- Null while the payment is not credited.
  purchase_id uuid,
  -- What is disputed now: Stripe may correct it while the dispute goes on.
  amount_nanos bigint NOT NULL CHECK (amount_nanos > 0 AND amount_nanos % 10000000 = 0),
  status dispute_status NOT NULL,
  reason text,
  read_no bigint NOT NULL,
  occurred_at timestamptz NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (team_id, id),
  FOREIGN KEY (team_id, purchase_id) REFERENCES purchases (team_id, id),
  CONSTRAINT disputes_once UNIQUE (team_id, stripe_dispute_id),
  CONSTRAINT disputes_of_purchase UNIQUE (team_id, purchase_id, id)
);
CREATE INDEX disputes_waiting_idx ON disputes (team_id, payment_intent_id) WHERE purchase_id IS NULL;

-- Each movement of credits that a refund or dispute caused, and the cause of its entry. Positive: taken back from the pool.
-- Negative: given back to it.
CREATE TABLE clawbacks (
  team_id uuid NOT NULL,
  id uuid NOT NULL DEFAULT uuidv7(),
  purchase_id uuid NOT NULL,
  refund_id uuid,
  dispute_id uuid,
  amount_nanos bigint NOT NULL CHECK (amount_nanos <> 0),
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (team_id, id),
  FOREIGN KEY (team_id, purchase_id) REFERENCES purchases (team_id, id),
  FOREIGN KEY (team_id, purchase_id, refund_id) REFERENCES refunds (team_id, purchase_id, id),
  FOREIGN KEY (team_id, purchase_id, dispute_id) REFERENCES disputes (team_id, purchase_id, id),
  CONSTRAINT clawbacks_have_one_claim CHECK (num_nonnulls(refund_id, dispute_id) = 1)
);
CREATE INDEX clawbacks_purchase_idx ON clawbacks (team_id, purchase_id);

-- What refunds and disputes have taken back of a payment, together. Held here, where two that come at once meet.
ALTER TABLE purchases
  ADD COLUMN taken_back_nanos bigint NOT NULL DEFAULT 0,
  ADD CONSTRAINT purchases_take_back_at_most_what_was_captured
    CHECK (taken_back_nanos BETWEEN 0 AND coalesce(captured_nanos, 0));

CREATE FUNCTION clawbacks_count() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE purchases SET taken_back_nanos = taken_back_nanos + NEW.amount_nanos WHERE team_id = NEW.team_id AND id = NEW.purchase_id;
  RETURN NULL;
END $$;
CREATE TRIGGER clawbacks_count AFTER INSERT ON clawbacks FOR EACH ROW EXECUTE FUNCTION clawbacks_count();

-- Kept for good; a clawback is never changed either.
CREATE FUNCTION clawbacks_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% are kept: they say why credits were taken back', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER clawbacks_append_only BEFORE UPDATE OR DELETE ON clawbacks FOR EACH ROW EXECUTE FUNCTION clawbacks_refuse_change();
CREATE TRIGGER clawbacks_no_truncate BEFORE TRUNCATE ON clawbacks FOR EACH STATEMENT EXECUTE FUNCTION clawbacks_refuse_change();
CREATE TRIGGER refunds_are_kept BEFORE DELETE ON refunds FOR EACH ROW EXECUTE FUNCTION clawbacks_refuse_change();
CREATE TRIGGER refunds_no_truncate BEFORE TRUNCATE ON refunds FOR EACH STATEMENT EXECUTE FUNCTION clawbacks_refuse_change();
CREATE TRIGGER disputes_are_kept BEFORE DELETE ON disputes FOR EACH ROW EXECUTE FUNCTION clawbacks_refuse_change();
CREATE TRIGGER disputes_no_truncate BEFORE TRUNCATE ON disputes FOR EACH STATEMENT EXECUTE FUNCTION clawbacks_refuse_change();

-- What was read earlier never overwrites what was read later, and a refund or dispute stays what it is of.
CREATE FUNCTION refunds_refuse_regress() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (NEW.status, NEW.reason, NEW.failure_reason) IS DISTINCT FROM (OLD.status, OLD.reason, OLD.failure_reason)
    AND NEW.read_no <= OLD.read_no OR NEW.read_no < OLD.read_no THEN
    RAISE EXCEPTION 'a refund is not taken back to what was read of it before' USING ERRCODE = 'restrict_violation';
  END IF;
  IF OLD.status IN ('failed', 'canceled') AND NEW.status <> OLD.status THEN
    RAISE EXCEPTION 'a refund that failed or was cancelled stays so' USING ERRCODE = 'restrict_violation';
  END IF;
  IF (NEW.team_id, NEW.id, NEW.stripe_refund_id, NEW.payment_intent_id, NEW.amount_nanos, NEW.occurred_at, NEW.created_at)
    IS DISTINCT FROM (OLD.team_id, OLD.id, OLD.stripe_refund_id, OLD.payment_intent_id, OLD.amount_nanos, OLD.occurred_at, OLD.created_at)
    OR (OLD.purchase_id IS NOT NULL AND NEW.purchase_id IS DISTINCT FROM OLD.purchase_id) THEN
    RAISE EXCEPTION 'a refund stays what it is of' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER refunds_no_regress BEFORE UPDATE ON refunds FOR EACH ROW EXECUTE FUNCTION refunds_refuse_regress();

CREATE FUNCTION disputes_refuse_regress() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (NEW.status, NEW.reason, NEW.amount_nanos) IS DISTINCT FROM (OLD.status, OLD.reason, OLD.amount_nanos)
    AND NEW.read_no <= OLD.read_no OR NEW.read_no < OLD.read_no THEN
    RAISE EXCEPTION 'a dispute is not taken back to what was read of it before' USING ERRCODE = 'restrict_violation';
  END IF;
  IF (NEW.team_id, NEW.id, NEW.stripe_dispute_id, NEW.payment_intent_id, NEW.occurred_at, NEW.created_at)
    IS DISTINCT FROM (OLD.team_id, OLD.id, OLD.stripe_dispute_id, OLD.payment_intent_id, OLD.occurred_at, OLD.created_at)
    OR (OLD.purchase_id IS NOT NULL AND NEW.purchase_id IS DISTINCT FROM OLD.purchase_id) THEN
    RAISE EXCEPTION 'a dispute stays what it is of' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER disputes_no_regress BEFORE UPDATE ON disputes FOR EACH ROW EXECUTE FUNCTION disputes_refuse_regress();

-- At commit a payment's refunds and disputes have taken back exactly what they claim, none more than its own amount and all
-- together at most what was captured; and none waits for a purchase that has been credited.
CREATE FUNCTION clawbacks_check_purchase(p_team uuid, p_purchase uuid) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  purchase purchases;
  claims record;
BEGIN
  SELECT * INTO purchase FROM purchases WHERE team_id = p_team AND id = p_purchase;
  SELECT coalesce(sum(c.claimed), 0) AS claimed, coalesce(sum(c.taken), 0) AS taken,
      coalesce(bool_or(c.taken NOT BETWEEN 0 AND c.claimed), false) AS wrong
    INTO claims FROM (
      SELECT CASE WHEN r.status IN ('failed', 'canceled') THEN 0 ELSE r.amount_nanos END AS claimed,
        coalesce((SELECT sum(b.amount_nanos) FROM clawbacks b
          WHERE b.team_id = p_team AND b.purchase_id = p_purchase AND b.refund_id = r.id), 0) AS taken
        FROM refunds r WHERE r.team_id = p_team AND r.purchase_id = p_purchase
      UNION ALL
      SELECT CASE WHEN d.status IN ('open', 'lost') THEN d.amount_nanos ELSE 0 END,
        coalesce((SELECT sum(b.amount_nanos) FROM clawbacks b
          WHERE b.team_id = p_team AND b.purchase_id = p_purchase AND b.dispute_id = d.id), 0)
        FROM disputes d WHERE d.team_id = p_team AND d.purchase_id = p_purchase
    ) c;
  IF claims.wrong OR claims.taken <> purchase.taken_back_nanos
    OR claims.taken <> least(coalesce(purchase.captured_nanos, 0), claims.claimed) THEN
    RAISE EXCEPTION 'purchase %: refunds and disputes claim %, have taken %, and are counted as %',
      p_purchase, claims.claimed, claims.taken, purchase.taken_back_nanos USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  IF EXISTS (SELECT 1 FROM refunds r WHERE r.team_id = p_team AND r.purchase_id IS NULL AND r.payment_intent_id = purchase.payment_intent_id)
    OR EXISTS (SELECT 1 FROM disputes d WHERE d.team_id = p_team AND d.purchase_id IS NULL AND d.payment_intent_id = purchase.payment_intent_id) THEN
    RAISE EXCEPTION 'purchase % was credited and money that left again still waits', p_purchase USING ERRCODE = 'integrity_constraint_violation';
  END IF;
END $$;
CREATE FUNCTION clawbacks_check_row() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  changed jsonb := to_jsonb(NEW);
  purchase uuid := (changed ->> CASE TG_TABLE_NAME WHEN 'purchases' THEN 'id' ELSE 'purchase_id' END)::uuid;
BEGIN
  IF purchase IS NULL THEN
    SELECT p.id INTO purchase FROM purchases p
      WHERE p.team_id = NEW.team_id AND p.payment_intent_id = changed ->> 'payment_intent_id' AND p.status = 'succeeded';
  END IF;
  IF purchase IS NOT NULL THEN PERFORM clawbacks_check_purchase(NEW.team_id, purchase); END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER refunds_equal_clawbacks AFTER INSERT OR UPDATE ON refunds
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION clawbacks_check_row();
CREATE CONSTRAINT TRIGGER disputes_equal_clawbacks AFTER INSERT OR UPDATE ON disputes
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION clawbacks_check_row();
CREATE CONSTRAINT TRIGGER clawbacks_equal_claims AFTER INSERT ON clawbacks
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION clawbacks_check_row();
CREATE CONSTRAINT TRIGGER purchases_equal_clawbacks AFTER INSERT OR UPDATE ON purchases
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.status = 'succeeded') EXECUTE FUNCTION clawbacks_check_row();

-- At commit each clawback has its entry in the pool of its purchase, to the nano, and such entries have their clawback.
CREATE FUNCTION clawbacks_match(p_clawback clawbacks, p_entry entries) RETURNS boolean LANGUAGE sql AS $$
  SELECT p_entry.bucket = 'credits' AND p_entry.amount_nanos = -p_clawback.amount_nanos
    AND p_entry.kind = CASE
      WHEN p_clawback.amount_nanos > 0 THEN CASE WHEN p_clawback.refund_id IS NULL THEN 'dispute'::entry_kind ELSE 'refund'::entry_kind END
      ELSE CASE WHEN p_clawback.refund_id IS NULL THEN 'dispute_reversal'::entry_kind ELSE 'adjustment'::entry_kind END
    END
    AND p_entry.pool_no = (
      SELECT o.no FROM purchases p JOIN pools o ON o.team_id = p.team_id AND o.id = p.pool_id
      WHERE p.team_id = p_clawback.team_id AND p.id = p_clawback.purchase_id)
$$;
CREATE FUNCTION clawbacks_check_entry() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM entries e WHERE e.team_id = NEW.team_id AND e.cause_id = NEW.id AND clawbacks_match(NEW, e)) THEN
    RAISE EXCEPTION 'clawback % has not moved its credits', NEW.id USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER clawbacks_are_posted AFTER INSERT ON clawbacks
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION clawbacks_check_entry();

-- In the function of a trigger that is there, because each further trigger is asked about each row of a spend.
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
    IF NOT EXISTS (SELECT 1 FROM clawbacks b WHERE b.team_id = NEW.team_id AND b.id = NEW.cause_id AND clawbacks_match(b, NEW)) THEN
      RAISE EXCEPTION 'entry % of pool % moves money that no refund or dispute moved', NEW.seq, NEW.pool_no
        USING ERRCODE = 'integrity_constraint_violation';
    END IF;
  END IF;
  RETURN NULL;
END $$;

-- Debt only begins when nothing is left of what was bought or given, and the next credits repay it first.
ALTER TABLE pools DROP CONSTRAINT pools_debt_is_the_only_negative;
ALTER TABLE pools ADD CONSTRAINT pools_debt_is_the_only_negative
  CHECK (CASE WHEN debt_nanos = 0 THEN credits_nanos >= 0 ELSE credits_nanos = -debt_nanos END);

-- Takes credits back: first what is left of the grants of the causes in p_first, then of other paid grants, then of
-- promotions; what none of them holds is debt. Included credits are never touched. What has expired is written off before.
-- A cause that has already taken changes nothing.
CREATE FUNCTION ledger_take_back(
  p_team uuid, p_pool uuid, p_kind entry_kind, p_amount bigint, p_cause uuid, p_first uuid[],
  p_occurred_at timestamptz, p_detail text, p_now timestamptz,
  OUT seq bigint, OUT balance_after_nanos bigint, OUT debt_made_nanos bigint, OUT replayed boolean
) LANGUAGE plpgsql SET ledger.writer = 'take_back' AS $$
DECLARE
  pool pools;
  lot record;
  drawn bigint;
  known entries;
BEGIN
  IF p_kind NOT IN ('refund', 'dispute') OR p_amount <= 0 THEN
    RAISE EXCEPTION 'only a refund or dispute takes back, and more than nothing' USING ERRCODE = 'invalid_parameter_value';
  END IF;
  SELECT * INTO STRICT pool FROM pools WHERE team_id = p_team AND id = p_pool FOR NO KEY UPDATE;

  SELECT * INTO known FROM entries e
    WHERE e.team_id = p_team AND e.cause_id = p_cause AND e.kind = p_kind AND e.bucket = 'credits';
  IF FOUND THEN
    IF known.pool_no <> pool.no OR known.amount_nanos <> -p_amount THEN
      RAISE EXCEPTION 'cause % took back from another pool, or another amount', p_cause USING ERRCODE = 'unique_violation';
    END IF;
    seq := known.seq; balance_after_nanos := known.balance_after_nanos; debt_made_nanos := 0; replayed := true;
    RETURN;
  END IF;

  PERFORM ledger_expire(p_team, p_pool, p_now);
  debt_made_nanos := p_amount;
  FOR lot IN SELECT g.id, g.remaining_nanos FROM grants g
    WHERE g.team_id = p_team AND g.pool_id = p_pool AND g.is_open AND g.kind <> 'included'
    ORDER BY g.kind = 'promotion', g.cause_id <> ALL (p_first), g.expires_at NULLS LAST, g.id
  LOOP
    EXIT WHEN debt_made_nanos = 0;
    drawn := least(lot.remaining_nanos, debt_made_nanos);
    debt_made_nanos := debt_made_nanos - drawn;
    UPDATE grants g SET remaining_nanos = g.remaining_nanos - drawn, is_open = g.remaining_nanos > drawn
      WHERE g.team_id = p_team AND g.id = lot.id;
  END LOOP;
  UPDATE pools p SET last_seq = p.last_seq + 1, revision = p.revision + 1,
      credits_nanos = p.credits_nanos - p_amount, debt_nanos = p.debt_nanos + debt_made_nanos
    WHERE p.team_id = p_team AND p.id = p_pool RETURNING * INTO pool;
  seq := pool.last_seq; balance_after_nanos := pool.credits_nanos; replayed := false;
  INSERT INTO entries (team_id, pool_no, seq, bucket, kind, amount_nanos, balance_after_nanos, created_at, cause_id, detail, reported_at)
    VALUES (p_team, pool.no, seq, 'credits', p_kind, -p_amount, balance_after_nanos, p_now, p_cause, p_detail, p_occurred_at);
END $$;

-- Gives back what was taken: debt is repaid first, what is left is a new grant of the kind that was paid for. It was bought
-- once and counts as added once. A cause that has already given changes nothing.
CREATE FUNCTION ledger_give_back(
  p_team uuid, p_pool uuid, p_kind entry_kind, p_grant_kind grant_kind, p_priority smallint,
  p_amount bigint, p_cause uuid, p_occurred_at timestamptz, p_detail text,
  OUT seq bigint, OUT balance_after_nanos bigint, OUT replayed boolean
) LANGUAGE plpgsql AS $$
BEGIN
  IF p_kind NOT IN ('dispute_reversal', 'adjustment') OR p_grant_kind NOT IN ('purchase', 'auto_top_up') OR p_amount <= 0 THEN
    RAISE EXCEPTION 'only what was paid for is given back, and more than nothing' USING ERRCODE = 'invalid_parameter_value';
  END IF;
  SELECT c.seq, c.balance_after_nanos, c.replayed INTO seq, balance_after_nanos, replayed
    FROM ledger_credit(p_team, p_pool, p_kind, p_grant_kind, p_priority, p_amount, p_cause, p_occurred_at, NULL, p_detail) c;
END $$;
