-- Plans that are paid by a subscription at Stripe. lib/billing/README.md says who decides the plan and the period.

CREATE TYPE subscription_status AS ENUM (
  'incomplete', 'incomplete_expired', 'trialing', 'active', 'past_due', 'canceled', 'unpaid', 'paused'
);

-- The copy of a team's subscription, as it was when it was last read. No row: the team never had one, and its plan is
-- what the operator set.
CREATE TABLE subscriptions (
  team_id uuid PRIMARY KEY REFERENCES teams,
  stripe_id text NOT NULL,
  plan plan NOT NULL CHECK (plan NOT IN ('free', 'enterprise')),
  status subscription_status NOT NULL,
  quantity integer NOT NULL CHECK (quantity > 0),
  started_at timestamptz NOT NULL,
  billing_anchor timestamptz NOT NULL,
  period_starts_at timestamptz NOT NULL,
  period_ends_at timestamptz NOT NULL CHECK (period_ends_at > period_starts_at),
  cancel_at timestamptz,
  has_scheduled_change boolean NOT NULL,
  -- Null if nothing is scheduled, or something that isn't another plan of ours.
  next_plan plan CHECK (next_plan IS NULL OR has_scheduled_change),
  invoice_status text,
  -- How many further subscriptions of the team are live at Stripe. A person has to end them.
  others_live integer NOT NULL DEFAULT 0 CHECK (others_live >= 0),
  synced_at timestamptz NOT NULL
);
CREATE INDEX subscriptions_due_idx ON subscriptions (period_ends_at) WHERE status IN ('trialing', 'active', 'past_due');

-- Checkouts in which a team may subscribe: one at a time, so that two tabs can't pay two.
CREATE TABLE subscription_checkouts (
  team_id uuid NOT NULL REFERENCES teams,
  id uuid NOT NULL DEFAULT uuidv7(),
  plan plan NOT NULL CHECK (plan NOT IN ('free', 'enterprise')),
  quantity integer NOT NULL CHECK (quantity > 0),
  customer_id text NOT NULL,
  requested_by_member_id uuid NOT NULL,
  -- Null until Stripe has answered.
  checkout_session_id text,
  created_at timestamptz NOT NULL DEFAULT now(),
  -- After this nobody can pay it any more.
  expires_at timestamptz NOT NULL,
  ended_at timestamptz,
  PRIMARY KEY (team_id, id),
  FOREIGN KEY (team_id, requested_by_member_id) REFERENCES members (team_id, id)
);
CREATE UNIQUE INDEX subscription_checkouts_one_open ON subscription_checkouts (team_id) WHERE ended_at IS NULL;

CREATE TYPE invoice_kind AS ENUM ('subscription', 'purchase', 'other');
CREATE TYPE invoice_status AS ENUM ('draft', 'open', 'uncollectible', 'void', 'paid');

-- Copies of the team's invoices, under Stripe's ids.
CREATE TABLE invoices (
  team_id uuid NOT NULL REFERENCES teams,
  id text NOT NULL,
  number text,
  kind invoice_kind NOT NULL,
  purchase_id uuid,
  -- The plan that a subscription's invoice is for.
  plan plan,
  -- In the currency's smallest unit, as Stripe says it: an invoice is shown, never credited.
  amount_minor bigint NOT NULL,
  currency text NOT NULL,
  status invoice_status NOT NULL,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (team_id, id),
  FOREIGN KEY (team_id, purchase_id) REFERENCES purchases (team_id, id),
  CHECK (purchase_id IS NULL OR kind = 'purchase')
);
CREATE INDEX invoices_newest_idx ON invoices (team_id, created_at DESC, id DESC);

-- A larger plan that a pool came to within a billing period: the cause of the included credits that it brought.
CREATE TABLE plan_changes (
  team_id uuid NOT NULL,
  id uuid NOT NULL DEFAULT uuidv7(),
  pool_id uuid NOT NULL,
  period_starts_at timestamptz NOT NULL,
  from_plan plan NOT NULL,
  to_plan plan NOT NULL CHECK (to_plan > from_plan),
  included_nanos bigint NOT NULL CHECK (included_nanos >= 0),
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (team_id, id),
  FOREIGN KEY (team_id, pool_id) REFERENCES pools (team_id, id),
  CONSTRAINT plan_changes_once UNIQUE (team_id, pool_id, period_starts_at, to_plan)
);
CREATE TRIGGER plan_changes_by_ledger BEFORE INSERT OR UPDATE OR DELETE ON plan_changes FOR EACH STATEMENT
  WHEN (coalesce(current_setting('ledger.writer', true), '') = '') EXECUTE FUNCTION ledger_refuse_writer();

-- Ends a pool's present billing period early, because another has been paid for: what is left of its included credits
-- goes now. False: there is no period that goes on after this instant.
CREATE FUNCTION ledger_end_period(p_team uuid, p_pool uuid, p_at timestamptz, p_now timestamptz) RETURNS boolean
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
  UPDATE pools p SET period_ends_at = p_at, revision = p.revision + 1 WHERE p.team_id = p_team AND p.id = p_pool;
  RETURN true;
END $$;

-- Gives a pool what a larger plan adds to its present period: its allowances, less what was used, and these included
-- credits. False, and nothing given: the pool came to this plan before in this period.
CREATE FUNCTION ledger_raise_plan(
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
    ON CONFLICT (team_id, pool_id, period_starts_at, consumable) DO UPDATE SET granted = greatest(a.granted, excluded.granted);
  UPDATE pools p SET revision = p.revision + 1 WHERE p.team_id = p_team AND p.id = p_pool;
  IF p_included > 0 THEN
    PERFORM ledger_credit(p_team, p_pool, 'included_grant', 'included', p_priority, p_included, p_change, p_now, pool.period_ends_at, NULL);
  END IF;
  PERFORM ledger_rearm(p_team, p_pool);
  RETURN true;
END $$;
