-- The start: all that was built before the first release. The functions and triggers at the end stand in prisma/sql as
-- they are today.

-- Money is counted in nanos of a US dollar. Limits and defaults below are multiples of these two.
-- Returns what a cent is in nanos. Less than that can't be seen, bought or repaid, so it is neither a balance nor a debt.
-- lib/money/usd.ts says the same.
CREATE OR REPLACE FUNCTION nanos_per_cent() RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN 10_000_000;

-- Returns what a US dollar is in nanos. lib/money/usd.ts says the same.
CREATE OR REPLACE FUNCTION nanos_per_usd() RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN 1_000_000_000;

-- The words that a column may hold.
CREATE TYPE role AS ENUM ('OWNER', 'ADMIN', 'MEMBER');
CREATE TYPE plan AS ENUM ('free', 'build', 'max', 'business', 'enterprise');
CREATE TYPE bucket AS ENUM ('included', 'credits');
CREATE TYPE grant_kind AS ENUM ('included', 'promotion', 'purchase', 'auto_top_up');
CREATE TYPE entry_kind AS ENUM (
  'purchase', 'auto_top_up', 'consumption', 'refund', 'dispute', 'dispute_reversal',
  'promotion', 'expiry', 'included_grant', 'transfer', 'adjustment'
);
CREATE TYPE purchase_kind AS ENUM ('one_time', 'auto_top_up');
CREATE TYPE purchase_status AS ENUM ('created', 'open', 'processing', 'succeeded', 'failed', 'expired', 'cancelled');
CREATE TYPE stripe_event_status AS ENUM ('received', 'processed', 'ignored', 'failed');
CREATE TYPE hold_status AS ENUM ('open', 'captured', 'released', 'expired');
CREATE TYPE agent_task_state AS ENUM ('QUEUED', 'IN_PROGRESS', 'SUCCEEDED', 'FAILED', 'CANCELLED');
CREATE TYPE refund_status AS ENUM ('requires_action', 'pending', 'succeeded', 'failed', 'canceled');
-- An inquiry takes no money. An open or lost dispute has taken it, a won one has brought it back.
CREATE TYPE dispute_status AS ENUM ('inquiry', 'open', 'won', 'lost');
CREATE TYPE subscription_status AS ENUM (
  'incomplete', 'incomplete_expired', 'trialing', 'active', 'past_due', 'canceled', 'unpaid', 'paused'
);
CREATE TYPE invoice_kind AS ENUM ('subscription', 'purchase', 'other');
CREATE TYPE invoice_status AS ENUM ('draft', 'open', 'uncollectible', 'void', 'paid');
CREATE TYPE reconciliation_trigger AS ENUM ('scheduled', 'manual', 'command');
CREATE TYPE reconciliation_status AS ENUM ('waiting', 'running', 'finished', 'failed');
CREATE TYPE withheld AS ENUM ('unpaid', 'disputed');

-- A type, because a table's CHECKs are read anew for every statement and a type's once: spending feels the difference.
CREATE DOMAIN nanos_not_negative AS bigint CHECK (VALUE >= 0);


-- Sign-in. These tables belong to no team.

CREATE TABLE users (
  id uuid PRIMARY KEY DEFAULT uuidv7(),
  name text,
  email text NOT NULL UNIQUE CHECK (email = lower(email)),
  email_verified_at timestamptz,
  image text,
  -- Seeded people whom the one-click sign-in of the demo may impersonate; never true for anybody else.
  is_demo boolean NOT NULL DEFAULT false,
  created_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE accounts (
  provider text NOT NULL,
  provider_account_id text NOT NULL,
  user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
  type text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (provider, provider_account_id)
);
CREATE INDEX accounts_user_id_idx ON accounts (user_id);

CREATE TABLE sessions (
  token_hash text PRIMARY KEY,
  user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
  -- 30 days after it was last used, or 90 days after it began, whichever is earlier.
  expires_at timestamptz NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  -- Names it to its person; the hash of its token stays inside.
  id uuid NOT NULL DEFAULT uuidv7(),
  -- Written once a day.
  last_used_at timestamptz NOT NULL DEFAULT now(),
  -- The browser's own name when the session began, for its person to recognise it by.
  user_agent text CHECK (length(user_agent) <= 400),
  CONSTRAINT sessions_absolute_life_check CHECK (expires_at - created_at <= interval '90 days')
);
CREATE INDEX sessions_user_id_idx ON sessions (user_id);
CREATE UNIQUE INDEX sessions_id_key ON sessions (id);

CREATE TABLE verification_tokens (
  identifier text NOT NULL,
  token_hash text NOT NULL,
  expires_at timestamptz NOT NULL,
  PRIMARY KEY (identifier, token_hash)
);
-- A sign-in link is found by its token alone, so the token names one address.
CREATE UNIQUE INDEX verification_tokens_token_hash_key ON verification_tokens (token_hash);

-- Counts attempts in fixed windows, so that floods of sign-in mails and checkouts end at a limit.
CREATE TABLE rate_limits (
  subject text NOT NULL,
  window_start timestamptz NOT NULL,
  attempts integer NOT NULL CHECK (attempts > 0),
  PRIMARY KEY (subject, window_start)
);

-- Where mail goes in the demo, when no SMTP server is configured.
CREATE TABLE outbox_mails (
  id uuid PRIMARY KEY DEFAULT uuidv7(),
  recipient text NOT NULL,
  subject text NOT NULL,
  body_text text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now()
);


-- Teams, their people and their keys.

CREATE TABLE teams (
  id uuid PRIMARY KEY DEFAULT uuidv7(),
  slug text NOT NULL UNIQUE CHECK (slug ~ '^[a-z0-9][a-z0-9-]{1,47}$'),
  name text NOT NULL CHECK (length(name) BETWEEN 1 AND 120),
  plan plan NOT NULL DEFAULT 'free',
  low_balance_threshold_nanos bigint NOT NULL DEFAULT 5 * nanos_per_usd() CHECK (low_balance_threshold_nanos >= 0),
  created_at timestamptz NOT NULL DEFAULT now(),
  deleted_at timestamptz,
  -- A process remembers a team as it was in one version. A spend names the version it was planned with, so that a
  -- revoked key, a removed member or another plan holds from the next request.
  metering_version bigint NOT NULL DEFAULT 1,
  -- Billing periods are counted from here.
  period_anchor timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE members (
  team_id uuid NOT NULL REFERENCES teams,
  id uuid NOT NULL DEFAULT uuidv7(),
  user_id uuid NOT NULL,
  role role NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  removed_at timestamptz,
  PRIMARY KEY (team_id, id),
  UNIQUE (team_id, user_id)
);
CREATE INDEX members_user_id_idx ON members (user_id);
CREATE UNIQUE INDEX members_one_owner_idx ON members (team_id) WHERE role = 'OWNER' AND removed_at IS NULL;

CREATE TABLE api_keys (
  team_id uuid NOT NULL REFERENCES teams,
  id uuid NOT NULL DEFAULT uuidv7(),
  name text NOT NULL CONSTRAINT api_keys_name_length CHECK (length(name) BETWEEN 1 AND 80),
  key_hash text NOT NULL,
  last4 text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  revoked_at timestamptz,
  scopes text[] NOT NULL CONSTRAINT api_keys_scopes_known CHECK (
    scopes <@ '{usage:write,balance:read,transactions:read,agent:run}'::text[] AND cardinality(scopes) > 0
  ),
  created_by_member_id uuid,
  PRIMARY KEY (team_id, id),
  UNIQUE (team_id, key_hash),
  CONSTRAINT api_keys_created_by_fkey FOREIGN KEY (team_id, created_by_member_id) REFERENCES members (team_id, id)
);


-- The ledger. lib/ledger/README.md says what it promises.

-- A balance that somebody draws from. The ledger's functions alone write it.
CREATE TABLE pools (
  team_id uuid NOT NULL REFERENCES teams,
  id uuid NOT NULL DEFAULT uuidv7(),
  -- Null for the one pool that an Enterprise team shares.
  member_id uuid,
  last_seq bigint NOT NULL DEFAULT 0,
  included_nanos nanos_not_negative NOT NULL DEFAULT 0,
  credits_nanos bigint NOT NULL DEFAULT 0,
  debt_nanos nanos_not_negative NOT NULL DEFAULT 0,
  lifetime_added_nanos nanos_not_negative NOT NULL DEFAULT 0,
  lifetime_spent_nanos nanos_not_negative NOT NULL DEFAULT 0,
  created_at timestamptz NOT NULL DEFAULT now(),
  -- Entries name their pool by this number of the team, which keeps a spend small on disk.
  no integer NOT NULL,
  -- Counts every change of what the pool holds: a spend is planned on one revision and refused on any other.
  revision bigint NOT NULL DEFAULT 1,
  held_nanos nanos_not_negative NOT NULL DEFAULT 0,
  last_grant_no integer NOT NULL DEFAULT 0,
  -- Set once people were told that the balance is low or used up, and cleared when it recovers. A new pool has not
  -- fallen yet.
  is_low boolean NOT NULL DEFAULT true,
  is_depleted boolean NOT NULL DEFAULT true,
  period_starts_at timestamptz,
  period_ends_at timestamptz,
  -- When the first open hold runs out.
  holds_expire_at timestamptz,
  -- The included credits that the present period withholds. Whoever refuses usage says whether they would have paid.
  withheld_nanos nanos_not_negative NOT NULL DEFAULT 0,
  PRIMARY KEY (team_id, id),
  FOREIGN KEY (team_id, member_id) REFERENCES members (team_id, id),
  UNIQUE NULLS NOT DISTINCT (team_id, member_id),
  CONSTRAINT pools_number UNIQUE (team_id, no),
  -- Debt begins only when nothing is left of what was bought or given, and the next credits repay it first.
  CONSTRAINT pools_debt_is_the_only_negative
    CHECK (CASE WHEN debt_nanos = 0 THEN credits_nanos >= 0 ELSE credits_nanos = -debt_nanos END)
) WITH (fillfactor = 50);
CREATE INDEX pools_period_due_idx ON pools (period_ends_at);
CREATE INDEX pools_holds_due_idx ON pools (holds_expire_at) WHERE holds_expire_at IS NOT NULL;

-- A lot of credits in a pool. The ledger's functions alone write it.
CREATE TABLE grants (
  team_id uuid NOT NULL,
  pool_id uuid NOT NULL,
  id uuid NOT NULL DEFAULT uuidv7(),
  kind grant_kind NOT NULL,
  -- The waterfall draws lower numbers first.
  priority smallint NOT NULL,
  original_nanos bigint NOT NULL,
  remaining_nanos nanos_not_negative NOT NULL,
  -- The purchase, promotion or period that gave the credits.
  cause_id uuid NOT NULL,
  expires_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT now(),
  no integer NOT NULL,
  -- Whether anything is left. A column of its own, because one that a partial index names can't be updated in place.
  is_open boolean NOT NULL DEFAULT true,
  PRIMARY KEY (team_id, id),
  FOREIGN KEY (team_id, pool_id) REFERENCES pools (team_id, id),
  UNIQUE (team_id, cause_id, kind),
  CONSTRAINT grants_number UNIQUE (team_id, pool_id, no),
  CONSTRAINT grants_open_while_left CHECK (is_open = (remaining_nanos > 0))
) WITH (fillfactor = 50);
CREATE INDEX grants_open_idx ON grants (team_id, pool_id, priority, expires_at NULLS LAST, id) WHERE is_open;
CREATE INDEX grants_expiry_due_idx ON grants (expires_at) WHERE is_open AND expires_at IS NOT NULL;

-- A combination of consumable, rate, member, key and trigger. Usage records and daily totals name their meter by number,
-- so that a price is kept once and no record grows with it.
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
  CONSTRAINT meters_once
    UNIQUE NULLS NOT DISTINCT (team_id, consumable, decimals, rate_nanos, trigger, member_id, api_key_id)
);

-- One movement of one bucket of a pool. Appended by the ledger's functions alone.
-- The order of the columns leaves no gaps: a spend may cost 230 bytes of disk, indexes included.
CREATE TABLE entries (
  team_id uuid NOT NULL,
  seq bigint NOT NULL,
  amount_nanos bigint NOT NULL,
  balance_after_nanos bigint NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  -- A usage record's key as 64 bits of its hash, and as usage_print 32 that cover the rest of the key and the body.
  usage_key bigint,
  quantity bigint,
  usage_print integer,
  pool_no integer NOT NULL,
  bucket bucket NOT NULL,
  kind entry_kind NOT NULL,
  -- A consumption's meter, which says what was used and by whom, and the grant that paid.
  meter_no integer,
  grant_no integer,
  -- A record that several grants paid has a row for each, one after the other; the first says how many. Null: one.
  pieces smallint,
  allowance_quantity bigint,
  -- The credits that holds set aside in the pool when the usage was answered.
  held_nanos bigint,
  -- When the client says that it happened, if not when it was written.
  reported_at timestamptz,
  -- The row that caused an entry other than a consumption, such as a purchase or a period.
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
-- The Credits card sums its figures over the few entries that aren't usage. The first condition keeps a spend, which has
-- no cause, out of this index at once.
CREATE INDEX entries_caused_idx ON entries (team_id, pool_no, kind, seq) INCLUDE (amount_nanos)
  WHERE cause_id IS NOT NULL AND bucket = 'credits' AND kind <> 'consumption';

-- The quantities that a pool's plan gives in a period, and how much of them was used.
CREATE TABLE allowances (
  team_id uuid NOT NULL,
  pool_id uuid NOT NULL,
  period_starts_at timestamptz NOT NULL,
  consumable text NOT NULL,
  -- Zero for an allowance that was withdrawn unused.
  granted bigint NOT NULL CHECK (granted >= 0),
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

-- Credits and allowances that a pool's period doesn't give, because it isn't paid or its payment is disputed: they had been
-- given and were unused, or never came. They come, in this amount, when the reason is gone while the period lasts.
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

-- Credits set aside for a run whose cost is not known yet.
CREATE TABLE holds (
  team_id uuid NOT NULL,
  id uuid NOT NULL DEFAULT uuidv7(),
  pool_id uuid NOT NULL,
  meter_no integer NOT NULL,
  status hold_status NOT NULL DEFAULT 'open',
  -- The amount that was asked for, and as left_nanos what of it is still set aside while the hold is open.
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
-- Finds the run that a usage record was captured for: its hold was settled at the moment in which the record was written.
CREATE INDEX holds_settled_idx ON holds (team_id, settled_at) WHERE status = 'captured';


-- Payments and Stripe.

-- One payment attempt: what was asked of Stripe, and what became of it. An auto top-up is a purchase that nobody opened;
-- it is written before Stripe is asked, and charges the card that it names.
CREATE TABLE purchases (
  team_id uuid NOT NULL REFERENCES teams,
  id uuid NOT NULL DEFAULT uuidv7(),
  pool_id uuid NOT NULL,
  kind purchase_kind NOT NULL,
  status purchase_status NOT NULL DEFAULT 'created',
  -- As quoted. The ledger goes by captured_nanos, which Stripe says.
  amount_nanos bigint NOT NULL CHECK (amount_nanos > 0 AND amount_nanos % nanos_per_cent() = 0),
  captured_nanos bigint CHECK (captured_nanos > 0 AND captured_nanos % nanos_per_cent() = 0),
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
  -- Taken back by refunds and disputes together. Kept here, where two that come at once meet.
  taken_back_nanos bigint NOT NULL DEFAULT 0,
  payment_method_id text,
  card_fingerprint text,
  -- Stripe's name for the failure; people read failure_reason.
  failure_code text,
  -- The bank wants a person to confirm the payment.
  needs_authentication boolean NOT NULL DEFAULT false,
  -- All that Stripe captured, with tax. captured_nanos is the part that was paid for credits, and all that becomes credits.
  -- Null: the same.
  paid_nanos bigint
  CONSTRAINT purchases_credit_at_most_what_was_paid CHECK (paid_nanos >= captured_nanos),
  -- Why the pool was due; only of an auto top-up.
  due_cause text,
  PRIMARY KEY (team_id, id),
  FOREIGN KEY (team_id, pool_id) REFERENCES pools (team_id, id),
  FOREIGN KEY (team_id, requested_by_member_id) REFERENCES members (team_id, id),
  CONSTRAINT purchases_once_per_request UNIQUE (team_id, request_key),
  CONSTRAINT purchases_once_per_session UNIQUE (team_id, checkout_session_id),
  CONSTRAINT purchases_once_per_payment UNIQUE (team_id, payment_intent_id),
  CONSTRAINT purchases_success_names_its_payment CHECK (
    (status = 'succeeded') = (captured_nanos IS NOT NULL)
    AND (status <> 'succeeded' OR (payment_intent_id IS NOT NULL AND settled_at IS NOT NULL))
  ),
  CONSTRAINT purchases_take_back_at_most_what_was_captured
    CHECK (taken_back_nanos BETWEEN 0 AND coalesce(captured_nanos, 0)),
  CONSTRAINT purchases_top_up_names_its_card CHECK (
    CASE kind WHEN 'auto_top_up' THEN checkout_session_id IS NULL
    ELSE payment_method_id IS NULL AND card_fingerprint IS NULL AND NOT needs_authentication END
  ),
  CONSTRAINT purchases_top_up_has_a_cause CHECK (
    CASE kind
      WHEN 'auto_top_up' THEN due_cause IS NOT NULL AND due_cause IN ('usage', 'refusal', 'save', 'new_card')
      ELSE due_cause IS NULL END
  )
);
CREATE INDEX purchases_pool_idx ON purchases (team_id, pool_id, created_at DESC);
CREATE INDEX purchases_processing_idx ON purchases (team_id, pool_id) WHERE status = 'processing';
CREATE INDEX purchases_succeeded_idx ON purchases (created_at) WHERE status = 'succeeded';
CREATE INDEX purchases_unsettled_idx ON purchases (created_at) WHERE status IN ('open', 'processing');
-- One at a time for each pool, whatever else goes wrong.
CREATE UNIQUE INDEX purchases_one_open_top_up ON purchases (team_id, pool_id)
  WHERE kind = 'auto_top_up' AND status IN ('created', 'open', 'processing');
CREATE INDEX purchases_top_ups_idx ON purchases (team_id, created_at) WHERE kind = 'auto_top_up';

-- Says which team a Stripe customer is. Looked up before the team is known, so it belongs to no team. A customer that was
-- deleted at Stripe is replaced and kept, so that what arrives late for it still finds its team.
CREATE TABLE stripe_customers (
  id text PRIMARY KEY,
  team_id uuid NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  replaced_at timestamptz,
  -- Credit that Stripe takes off the customer's next invoices, such as what a smaller plan has left over.
  credit_nanos bigint NOT NULL DEFAULT 0 CHECK (credit_nanos >= 0)
);
CREATE UNIQUE INDEX stripe_customers_current_idx ON stripe_customers (team_id) WHERE replaced_at IS NULL;

-- Copies of what Stripe has are read there as a whole. Two reads may end in another order than they began: each takes a
-- number before it begins, and is written down only if none with a later number was.
CREATE TABLE customer_snapshots (
  team_id uuid NOT NULL REFERENCES teams,
  kind text NOT NULL CHECK (kind IN ('payment_methods', 'subscription')),
  last_begun bigint NOT NULL CHECK (last_begun >= 0),
  last_written bigint NOT NULL DEFAULT 0 CHECK (last_written BETWEEN 0 AND last_begun),
  PRIMARY KEY (team_id, kind)
);

-- A copy of the payment methods that a team's customer has at Stripe, so that no page waits for Stripe. Stripe decides:
-- rows are written as they were read there, and are deleted when they are gone there.
CREATE TABLE payment_methods (
  team_id uuid NOT NULL REFERENCES teams,
  id text NOT NULL CHECK (length(id) BETWEEN 4 AND 255),
  -- Whose it is at Stripe. A copy of a customer that was replaced counts for nothing.
  customer_id text NOT NULL,
  type text NOT NULL,
  brand text,
  last4 text,
  exp_month smallint CHECK (exp_month BETWEEN 1 AND 12),
  exp_year smallint CHECK (exp_year BETWEEN 1970 AND 9999),
  -- The same for the same card number, however often it is added.
  fingerprint text,
  -- Names it to people when it isn't a card, such as an e-mail address.
  label text,
  is_default boolean NOT NULL,
  created_at timestamptz NOT NULL,
  -- Somebody is taking it away. It no longer counts as one that is left.
  removing_at timestamptz,
  PRIMARY KEY (team_id, id),
  CONSTRAINT payment_methods_card_is_whole CHECK (
    (type = 'card' AND num_nulls(brand, last4, exp_month, exp_year) = 0)
    OR (type <> 'card' AND num_nonnulls(brand, last4, exp_month, exp_year) = 0)
  )
);
CREATE UNIQUE INDEX payment_methods_one_default ON payment_methods (team_id) WHERE is_default;

-- Stripe's inbox: an event is kept here before Stripe is told that it arrived. Its payload isn't kept: whoever handles it
-- reads the object again.
CREATE TABLE stripe_events (
  id text PRIMARY KEY,
  type text NOT NULL,
  object_id text NOT NULL,
  status stripe_event_status NOT NULL DEFAULT 'received',
  attempts integer NOT NULL DEFAULT 0,
  last_error text,
  created_at timestamptz NOT NULL,
  received_at timestamptz NOT NULL DEFAULT now(),
  processed_at timestamptz,
  -- The customer that the event names: a hint for finding the team when the object has lost its customer, as a detached
  -- card has. What is written is always read again from Stripe.
  customer_id text,
  -- Events about one payment are acted on in one go: its checkout, its charge, its refunds and its disputes.
  subject_id text NOT NULL
);
CREATE INDEX stripe_events_unfinished_idx ON stripe_events (subject_id) WHERE status IN ('received', 'failed');
CREATE INDEX stripe_events_failed_idx ON stripe_events (customer_id) WHERE status = 'failed';

-- Money that Stripe captured and that no rule credits: kept in sight until a person has decided.
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


-- Money that leaves again: refunds and disputes, made at Stripe. lib/money-back/README.md says how they take credits
-- back.

-- Each reading of a refund or dispute takes a number before it begins. Two may end in another order than they began; the
-- one that began later counts. The numbers belong to no team, like Stripe's inbox.
CREATE SEQUENCE stripe_reads;

CREATE TABLE refunds (
  team_id uuid NOT NULL REFERENCES teams,
  id uuid NOT NULL DEFAULT uuidv7(),
  stripe_refund_id text NOT NULL,
  payment_intent_id text NOT NULL,
  -- Null while the payment is not credited: then nothing can be taken back, and the refund waits.
  purchase_id uuid,
  amount_nanos bigint NOT NULL CHECK (amount_nanos > 0 AND amount_nanos % nanos_per_cent() = 0),
  status refund_status NOT NULL,
  reason text,
  failure_reason text,
  read_no bigint NOT NULL,
  occurred_at timestamptz NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  -- The plan's invoice that the payment paid, whose receipt says what became of it.
  invoice_id text,
  PRIMARY KEY (team_id, id),
  FOREIGN KEY (team_id, purchase_id) REFERENCES purchases (team_id, id),
  CONSTRAINT refunds_once UNIQUE (team_id, stripe_refund_id),
  CONSTRAINT refunds_of_purchase UNIQUE (team_id, purchase_id, id)
);
CREATE INDEX refunds_waiting_idx ON refunds (team_id, payment_intent_id) WHERE purchase_id IS NULL;
CREATE INDEX refunds_by_invoice ON refunds (team_id, invoice_id) WHERE invoice_id IS NOT NULL;

CREATE TABLE disputes (
  team_id uuid NOT NULL REFERENCES teams,
  id uuid NOT NULL DEFAULT uuidv7(),
  stripe_dispute_id text NOT NULL,
  payment_intent_id text NOT NULL,
  -- Null while the payment is not credited.
  purchase_id uuid,
  -- As it is disputed now: Stripe may correct it while the dispute goes on.
  amount_nanos bigint NOT NULL CHECK (amount_nanos > 0 AND amount_nanos % nanos_per_cent() = 0),
  status dispute_status NOT NULL,
  reason text,
  read_no bigint NOT NULL,
  occurred_at timestamptz NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  -- The plan's invoice that the payment paid.
  invoice_id text,
  PRIMARY KEY (team_id, id),
  FOREIGN KEY (team_id, purchase_id) REFERENCES purchases (team_id, id),
  CONSTRAINT disputes_once UNIQUE (team_id, stripe_dispute_id),
  CONSTRAINT disputes_of_purchase UNIQUE (team_id, purchase_id, id)
);
CREATE INDEX disputes_waiting_idx ON disputes (team_id, payment_intent_id) WHERE purchase_id IS NULL;
CREATE INDEX disputes_by_invoice ON disputes (team_id, invoice_id) WHERE invoice_id IS NOT NULL;

-- Each movement of credits that a refund or dispute caused, and the cause of its entry. Positive: taken back from the
-- pool. Negative: given back to it.
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


-- Plans that are paid by a subscription at Stripe. lib/billing/README.md says who decides the plan and the period.

-- The copy of a team's subscription, as it was when it was last read. No row: the team never had one, and the operator
-- set its plan.
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
  -- Null if nothing is scheduled, or something other than another plan of ours.
  next_plan plan CHECK (next_plan IS NULL OR has_scheduled_change),
  invoice_status text,
  -- Further subscriptions of the team that are live at Stripe. A person has to end them.
  others_live integer NOT NULL DEFAULT 0 CHECK (others_live >= 0),
  synced_at timestamptz NOT NULL,
  -- Why the subscription's period gives nothing now. Null: it gives what the plan gives.
  period_withheld withheld,
  is_collection_paused boolean NOT NULL DEFAULT false,
  -- Stripe's id of the invoice that a person can pay.
  open_invoice_id text
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
  -- The part that the customer's credit at Stripe has paid, in the currency's smallest unit.
  from_credit_minor bigint NOT NULL DEFAULT 0 CHECK (from_credit_minor >= 0),
  PRIMARY KEY (team_id, id),
  FOREIGN KEY (team_id, purchase_id) REFERENCES purchases (team_id, id),
  CHECK (purchase_id IS NULL OR kind = 'purchase')
);
CREATE INDEX invoices_newest_idx ON invoices (team_id, created_at DESC, id DESC);


-- Auto top-up. lib/auto-top-up/README.md says how it decides.

-- The charges that a team allows us to make by ourselves, and whether its pool is due for one.
CREATE TABLE auto_top_up_settings (
  team_id uuid NOT NULL,
  pool_id uuid NOT NULL,
  enabled boolean NOT NULL,
  threshold_nanos bigint NOT NULL,
  amount_nanos bigint NOT NULL CHECK (
    amount_nanos BETWEEN 5 * nanos_per_usd() AND 100000 * nanos_per_usd() AND amount_nanos % nanos_per_cent() = 0
  ),
  -- Counted up by each save: whoever saves over somebody else's change is told.
  version integer NOT NULL CHECK (version > 0),
  -- Who allowed the charges, by the last save that turned it on.
  allowed_by_member_id uuid NOT NULL,
  -- Charges that failed in a row, all with this card.
  failures smallint NOT NULL DEFAULT 0 CHECK (failures >= 0),
  failed_fingerprint text,
  failed_at timestamptz,
  suspended_at timestamptz,
  updated_at timestamptz NOT NULL,
  -- Since when the pool is to be topped up, and why. Stays until the pool has enough again or was topped up.
  due_at timestamptz,
  due_cause text CHECK (due_cause IN ('usage', 'refusal', 'save', 'new_card')),
  -- The cost of the refused request: with less than this the pool is to be topped up, whatever its threshold.
  due_needs_nanos bigint CHECK (due_needs_nanos > 0),
  -- Nothing is charged until an Owner or Admin resumes it.
  paused_at timestamptz,
  paused_reason text CHECK (paused_reason IN ('dispute')),
  paused_by text,
  PRIMARY KEY (team_id, pool_id),
  FOREIGN KEY (team_id, pool_id) REFERENCES pools (team_id, id),
  FOREIGN KEY (team_id, allowed_by_member_id) REFERENCES members (team_id, id),
  -- A threshold above the amount would charge again and again without ever getting out of it.
  CONSTRAINT auto_top_up_threshold_within_amount
    CHECK (threshold_nanos BETWEEN 0 AND amount_nanos AND threshold_nanos % nanos_per_cent() = 0),
  CONSTRAINT auto_top_up_failures_have_a_time CHECK ((failures = 0) = (failed_at IS NULL)),
  CONSTRAINT auto_top_up_suspended_after_failures CHECK (suspended_at IS NULL OR failures > 0),
  CONSTRAINT auto_top_up_due_has_a_cause CHECK ((due_at IS NULL) = (due_cause IS NULL)),
  CONSTRAINT auto_top_up_only_a_refusal_needs
    CHECK ((due_needs_nanos IS NOT NULL) = (due_cause IS NOT NULL AND due_cause = 'refusal')),
  CONSTRAINT auto_top_up_due_while_on CHECK (due_at IS NULL OR enabled),
  CONSTRAINT auto_top_up_pause_has_a_reason
    CHECK ((paused_at IS NULL) = (paused_reason IS NULL) AND (paused_at IS NULL) = (paused_by IS NULL))
);
CREATE INDEX auto_top_up_enabled_idx ON auto_top_up_settings (team_id, pool_id) WHERE enabled;
CREATE INDEX auto_top_up_due_idx ON auto_top_up_settings (team_id, pool_id) WHERE due_at IS NOT NULL;

-- The most that auto top-ups of a team may add in a calendar month (UTC). Null: no cap.
CREATE TABLE spend_caps (
  team_id uuid PRIMARY KEY REFERENCES teams,
  cap_nanos bigint DEFAULT 200 * nanos_per_usd() CHECK (cap_nanos >= 0 AND cap_nanos % nanos_per_cent() = 0),
  version integer NOT NULL DEFAULT 1 CHECK (version > 0),
  updated_at timestamptz NOT NULL DEFAULT now()
);

-- The history of the settings and of the spend cap: who changed what, before and after. pool_id null: the spend cap.
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


-- Stripe against the ledger: what was compared, and what doesn't fit.

-- One comparison. It belongs to no team, because most are of the whole Stripe account; team_id names the one whose
-- payments alone were looked at.
CREATE TABLE reconciliation_runs (
  id uuid PRIMARY KEY DEFAULT uuidv7(),
  team_id uuid,
  trigger reconciliation_trigger NOT NULL,
  status reconciliation_status NOT NULL,
  -- Payments made before it were left out; null: none were.
  since timestamptz,
  requested_at timestamptz NOT NULL,
  started_at timestamptz,
  -- Renewed as long as the process lives. One that died is taken over or shown as failed.
  alive_at timestamptz,
  attempt integer NOT NULL DEFAULT 0,
  finished_at timestamptz,
  failure text,
  counted integer NOT NULL DEFAULT 0,
  matched integer NOT NULL DEFAULT 0,
  repaired integer NOT NULL DEFAULT 0,
  differences integer NOT NULL DEFAULT 0,
  CONSTRAINT reconciliation_runs_end CHECK ((status IN ('finished', 'failed')) = (finished_at IS NOT NULL)),
  CONSTRAINT reconciliation_runs_reason CHECK ((status = 'failed') = (failure IS NOT NULL)),
  CONSTRAINT reconciliation_runs_life CHECK (status <> 'running' OR (started_at IS NOT NULL AND alive_at IS NOT NULL))
);
CREATE UNIQUE INDEX reconciliation_runs_one_at_a_time ON reconciliation_runs (team_id) NULLS NOT DISTINCT
  WHERE status IN ('waiting', 'running');
CREATE INDEX reconciliation_runs_recent_idx ON reconciliation_runs (team_id, requested_at DESC);

-- A run's figures for one team.
CREATE TABLE reconciliation_results (
  team_id uuid NOT NULL REFERENCES teams,
  run_id uuid NOT NULL,
  counted integer NOT NULL,
  matched integer NOT NULL,
  repaired integer NOT NULL,
  differences integer NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (team_id, run_id)
);

-- Differences between Stripe and the ledger that no rule repairs: a person must look. Captured money that belongs to no
-- team is in parked_payments.
CREATE TABLE reconciliation_differences (
  team_id uuid NOT NULL REFERENCES teams,
  kind text NOT NULL CHECK (kind ~ '^[a-z_]{3,40}$'),
  object_id text NOT NULL,
  purchase_id uuid,
  -- In the currency's smallest unit, as Stripe says it; null: Stripe knows nothing of it.
  stripe_minor bigint,
  currency text,
  -- Null: the ledger knows nothing of it.
  ledger_nanos bigint,
  last_run_id uuid NOT NULL,
  first_seen_at timestamptz NOT NULL,
  resolved_at timestamptz,
  PRIMARY KEY (team_id, kind, object_id)
);
CREATE INDEX reconciliation_differences_open_idx ON reconciliation_differences (team_id) WHERE resolved_at IS NULL;

-- Our payments that a run has seen at Stripe, so that it needn't remember them itself. It may be lost in a crash: then
-- each is asked for by its id.
CREATE UNLOGGED TABLE reconciliation_seen (
  team_id uuid NOT NULL,
  run_id uuid NOT NULL,
  object_id text NOT NULL,
  PRIMARY KEY (team_id, run_id, object_id)
);


-- Notifications. lib/notifications/README.md says how they reach people.

-- Something that people are told, once for each cause.
CREATE TABLE notifications (
  team_id uuid NOT NULL REFERENCES teams,
  id uuid NOT NULL DEFAULT uuidv7(),
  type text NOT NULL,
  pool_id uuid,
  -- The thing it tells of: a purchase, a crossing at a revision of the pool, a dispute.
  cause text NOT NULL,
  -- Amounts as exact decimals, reasons in words.
  data jsonb NOT NULL,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (team_id, id),
  CONSTRAINT notifications_once_per_cause UNIQUE (team_id, type, cause),
  FOREIGN KEY (team_id, pool_id) REFERENCES pools (team_id, id)
);
CREATE INDEX notifications_newest_idx ON notifications (team_id, created_at DESC, id DESC);

CREATE TABLE notification_reads (
  team_id uuid NOT NULL,
  member_id uuid NOT NULL,
  notification_id uuid NOT NULL,
  read_at timestamptz NOT NULL,
  PRIMARY KEY (team_id, member_id, notification_id),
  FOREIGN KEY (team_id, member_id) REFERENCES members (team_id, id),
  FOREIGN KEY (team_id, notification_id) REFERENCES notifications (team_id, id) ON DELETE CASCADE
);

-- A member's choices that differ from the default.
CREATE TABLE notification_preferences (
  team_id uuid NOT NULL,
  member_id uuid NOT NULL,
  type text NOT NULL,
  channel text NOT NULL CHECK (channel IN ('in_app', 'email')),
  enabled boolean NOT NULL,
  updated_at timestamptz NOT NULL,
  PRIMARY KEY (team_id, member_id, type, channel),
  FOREIGN KEY (team_id, member_id) REFERENCES members (team_id, id)
);

-- One mail to one person about one notification.
CREATE TABLE notification_mails (
  team_id uuid NOT NULL,
  notification_id uuid NOT NULL,
  member_id uuid NOT NULL,
  -- skipped: the member has left, may not read it any more, or has silenced it meanwhile. refused: by the mail server,
  -- for good.
  status text NOT NULL DEFAULT 'waiting' CHECK (status IN ('waiting', 'sent', 'skipped', 'refused')),
  settled_at timestamptz,
  PRIMARY KEY (team_id, notification_id, member_id),
  FOREIGN KEY (team_id, notification_id) REFERENCES notifications (team_id, id) ON DELETE CASCADE,
  FOREIGN KEY (team_id, member_id) REFERENCES members (team_id, id),
  CONSTRAINT notification_mails_settled CHECK ((status = 'waiting') = (settled_at IS NULL))
);

-- Whether a pool's next fall is worth telling. A balance that flaps around its threshold is told once: the alarm is armed
-- again only when the balance has recovered by more than a little.
CREATE TABLE balance_alarms (
  team_id uuid NOT NULL,
  pool_id uuid NOT NULL,
  crossing text NOT NULL CHECK (crossing IN ('low', 'depleted')),
  is_armed boolean NOT NULL,
  PRIMARY KEY (team_id, pool_id, crossing),
  FOREIGN KEY (team_id, pool_id) REFERENCES pools (team_id, id)
);


-- Outbound webhooks. lib/webhooks/README.md says how they are delivered.

-- Where a team wants to be told by machine.
CREATE TABLE webhook_endpoints (
  team_id uuid NOT NULL REFERENCES teams,
  id uuid NOT NULL,
  url text NOT NULL,
  types text[] NOT NULL CHECK (cardinality(types) > 0),
  -- Encrypted. The previous secret signs too until its time is up.
  secret text NOT NULL,
  previous_secret text,
  previous_secret_until timestamptz,
  -- Null: the endpoint is sent to.
  disabled_reason text CHECK (disabled_reason IN ('by_hand', 'gone', 'failing')),
  -- Since when nothing has reached it, and how many tries in a row have failed.
  failing_since timestamptz,
  failures integer NOT NULL DEFAULT 0,
  -- Nothing is sent before this time, because the endpoint was just found dead.
  resting_until timestamptz,
  created_by_member_id uuid NOT NULL,
  created_at timestamptz NOT NULL,
  deleted_at timestamptz,
  PRIMARY KEY (team_id, id),
  FOREIGN KEY (team_id, created_by_member_id) REFERENCES members (team_id, id),
  CONSTRAINT webhook_endpoints_previous_secret_ends CHECK ((previous_secret IS NULL) = (previous_secret_until IS NULL))
);

-- One notification, or test event, on its way to one endpoint.
CREATE TABLE webhook_deliveries (
  team_id uuid NOT NULL,
  id uuid NOT NULL,
  endpoint_id uuid NOT NULL,
  -- Null: a test event.
  notification_id uuid,
  type text NOT NULL,
  -- Sent and signed like this each time.
  body text NOT NULL CHECK (octet_length(body) <= 20000),
  status text NOT NULL DEFAULT 'waiting' CHECK (status IN ('waiting', 'delivered', 'failed', 'cancelled')),
  tries integer NOT NULL DEFAULT 0,
  next_try_at timestamptz NOT NULL,
  -- A process is trying. If it dies, another may try after this time.
  claimed_until timestamptz,
  created_at timestamptz NOT NULL,
  settled_at timestamptz,
  PRIMARY KEY (team_id, id),
  CONSTRAINT webhook_deliveries_once UNIQUE (team_id, endpoint_id, notification_id),
  FOREIGN KEY (team_id, endpoint_id) REFERENCES webhook_endpoints (team_id, id),
  FOREIGN KEY (team_id, notification_id) REFERENCES notifications (team_id, id) ON DELETE SET NULL (notification_id)
);
CREATE INDEX webhook_deliveries_due_idx ON webhook_deliveries (team_id, endpoint_id, next_try_at) WHERE status = 'waiting';
CREATE INDEX webhook_deliveries_newest_idx ON webhook_deliveries (team_id, endpoint_id, created_at DESC, id DESC);

-- One try to deliver, and what came back.
CREATE TABLE webhook_tries (
  team_id uuid NOT NULL,
  delivery_id uuid NOT NULL,
  id uuid NOT NULL DEFAULT uuidv7(),
  tried_at timestamptz NOT NULL,
  took_ms integer NOT NULL,
  -- Null: there was no answer, and `error` says why.
  answer_status integer,
  answer_body text,
  error text,
  PRIMARY KEY (team_id, delivery_id, id),
  FOREIGN KEY (team_id, delivery_id) REFERENCES webhook_deliveries (team_id, id) ON DELETE CASCADE
);

-- The endpoints that are being sent to at this moment. A team has few turns at once, however many processes work.
CREATE TABLE webhook_turns (
  team_id uuid NOT NULL,
  endpoint_id uuid NOT NULL,
  -- Whoever took a turn ends this one, and nobody else's.
  id uuid NOT NULL,
  -- A turn that was lost with its process ends by itself.
  ends_at timestamptz NOT NULL,
  PRIMARY KEY (team_id, endpoint_id),
  FOREIGN KEY (team_id, endpoint_id) REFERENCES webhook_endpoints (team_id, id)
);


-- Agents.

-- One run of an agent, and the hold that pays for it.
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
  CONSTRAINT agent_tasks_finished_is_final
    CHECK ((state IN ('SUCCEEDED', 'FAILED', 'CANCELLED')) = (finished_at IS NOT NULL))
);


-- The types and functions, those first that others name when they are made.

-- A pool that ledger_spend writes in: the revision that the spend was planned on, and what is then told of its balance.
CREATE TYPE spend_pool AS (id uuid, revision bigint, is_low boolean, is_depleted boolean);

-- An entry that ledger_spend writes: usage, or the part of it that one grant pays. Amounts are negative.
-- pool is the place of its spend_pool, from 1. What names the usage, from usage_key on, is in its first row only.
CREATE TYPE spend_row AS (
  pool integer,
  bucket bucket,
  amount_nanos bigint,
  grant_no integer,
  meter_no integer,
  reported_at timestamptz,
  usage_key bigint,
  usage_print integer,
  quantity bigint,
  pieces smallint,
  allowance_quantity bigint,
  held_nanos bigint,
  metadata jsonb
);

-- Sums nanos as whole numbers of eight bytes. The built-in sum returns a numeric, which is slower to make and to
-- read.
CREATE AGGREGATE sum_nanos(bigint) (sfunc = int8pl, stype = bigint, initcond = '0');

-- Returns what auto top-ups have charged in the UTC month of p_at, plus what is under way, in nanos. A top-up counts
-- in the month in which it began and in the month in which it was paid.
-- A refund of a top-up frees the cap of the month in which the top-up counts, and takes it again if the refund fails. A
-- dispute frees nothing, won or lost: a bank's decision about one charge is no leave to make another.
CREATE OR REPLACE FUNCTION auto_top_up_committed(p_team uuid, p_at timestamptz) RETURNS bigint LANGUAGE sql STABLE AS $$
  SELECT coalesce(sum(CASE WHEN p.status <> 'succeeded' THEN p.amount_nanos ELSE greatest(0, p.captured_nanos - coalesce((
    SELECT sum(r.amount_nanos) FROM refunds r
    WHERE r.team_id = p_team AND r.purchase_id = p.id AND r.status NOT IN ('failed', 'canceled')
  ), 0)) END), 0)::bigint
  FROM purchases p
  WHERE p.team_id = p_team AND p.kind = 'auto_top_up' AND (
    p.status IN ('created', 'open', 'processing')
    OR (p.status = 'succeeded' AND greatest(p.created_at, p.settled_at) >= date_trunc('month', p_at, 'UTC'))
  )
$$;

-- Returns whether the entry moves the credits that the clawback says: same pool, same amount, the right kind.
CREATE OR REPLACE FUNCTION clawbacks_match(p_clawback clawbacks, p_entry entries) RETURNS boolean LANGUAGE sql AS $$
  SELECT p_entry.bucket = 'credits' AND p_entry.amount_nanos = -p_clawback.amount_nanos
    AND p_entry.kind = CASE
      WHEN p_clawback.amount_nanos > 0 AND p_clawback.refund_id IS NULL THEN 'dispute'::entry_kind
      WHEN p_clawback.amount_nanos > 0 THEN 'refund'::entry_kind
      WHEN p_clawback.refund_id IS NULL THEN 'dispute_reversal'::entry_kind
      ELSE 'adjustment'::entry_kind
    END
    AND p_entry.pool_no = (
      SELECT o.no FROM purchases p JOIN pools o ON o.team_id = p.team_id AND o.id = p.pool_id
      WHERE p.team_id = p_clawback.team_id AND p.id = p_clawback.purchase_id)
$$;

-- Returns the credits' share of an amount that is claimed of a payment, rounded half up.
-- lib/money-back/decide-moves.ts computes the same.
CREATE OR REPLACE FUNCTION clawbacks_share(p_claimed bigint, p_captured bigint, p_paid bigint) RETURNS bigint
LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE WHEN coalesce(p_captured, 0) >= p_paid THEN p_claimed
    ELSE div(2 * p_claimed::numeric * p_captured + p_paid, 2 * p_paid::numeric)::bigint END
$$;

-- Returns the threshold at or below which a pool is low, in nanos: that of its auto top-up while that is on, else the
-- team's.
CREATE OR REPLACE FUNCTION low_balance_threshold(p_team uuid, p_pool uuid) RETURNS bigint LANGUAGE sql STABLE AS $$
  SELECT coalesce(
    (SELECT s.threshold_nanos FROM auto_top_up_settings s WHERE s.team_id = p_team AND s.pool_id = p_pool AND s.enabled),
    (SELECT t.low_balance_threshold_nanos FROM teams t WHERE t.id = p_team)
  )
$$;

-- Returns what a pool can still pay with, in nanos.
CREATE OR REPLACE FUNCTION pool_available(p pools) RETURNS bigint LANGUAGE sql IMMUTABLE AS $$
  SELECT p.included_nanos + p.credits_nanos - p.held_nanos
$$;

-- Returns whether a pool that was made due still has to be topped up.
CREATE OR REPLACE FUNCTION top_up_is_wanted(s auto_top_up_settings, p_available bigint) RETURNS boolean
LANGUAGE sql IMMUTABLE AS $$
  SELECT s.due_at IS NOT NULL AND (p_available <= s.threshold_nanos OR coalesce(p_available < s.due_needs_nanos, false))
$$;

-- Lets a pool that has recovered be told low or used up again, and ends its being due for a top-up. Less than a cent
-- counts as used up: nothing less can be seen or bought.
CREATE OR REPLACE FUNCTION ledger_rearm(p_team uuid, p_pool uuid) RETURNS void LANGUAGE sql AS $$
  UPDATE pools p SET
    is_low = p.is_low AND pool_available(p) <= low_balance_threshold(p_team, p_pool),
    is_depleted = p.is_depleted AND p.credits_nanos + p.included_nanos < nanos_per_cent()
  WHERE p.team_id = p_team AND p.id = p_pool
    AND ((p.is_low AND pool_available(p) > low_balance_threshold(p_team, p_pool))
      OR (p.is_depleted AND p.credits_nanos + p.included_nanos >= nanos_per_cent()));
  -- An alarm is armed again a tenth above the threshold, and a dollar above it at least.
  UPDATE balance_alarms a SET is_armed = true FROM pools p
  WHERE a.team_id = p_team AND a.pool_id = p_pool AND NOT a.is_armed AND p.team_id = p_team AND p.id = p_pool
    AND CASE a.crossing
      WHEN 'low' THEN pool_available(p) >= low_balance_threshold(p_team, p_pool)
        + greatest(low_balance_threshold(p_team, p_pool) / 10, nanos_per_usd())
      ELSE p.credits_nanos + p.included_nanos >= nanos_per_usd() END;
  UPDATE auto_top_up_settings s SET due_at = NULL, due_cause = NULL, due_needs_nanos = NULL FROM pools p
  WHERE s.team_id = p_team AND s.pool_id = p_pool AND s.due_at IS NOT NULL AND p.team_id = p_team AND p.id = p_pool
    AND NOT top_up_is_wanted(s, pool_available(p))
$$;

-- Keeps a revoked API key revoked, because it may have leaked, and keeps a key from becoming another one or another
-- team's.
CREATE OR REPLACE FUNCTION api_keys_refuse_regress() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.revoked_at IS NOT NULL AND NEW.revoked_at IS DISTINCT FROM OLD.revoked_at THEN
    RAISE EXCEPTION 'a revoked API key stays revoked' USING ERRCODE = 'restrict_violation';
  END IF;
  IF (NEW.team_id, NEW.id, NEW.key_hash, NEW.last4, NEW.created_by_member_id, NEW.created_at)
    IS DISTINCT FROM (OLD.team_id, OLD.id, OLD.key_hash, OLD.last4, OLD.created_by_member_id, OLD.created_at) THEN
    RAISE EXCEPTION 'what an API key is never changes' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;

-- Refuses to change or delete the history of who changed which setting.
CREATE OR REPLACE FUNCTION auto_top_up_changes_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'what was changed by whom is history' USING ERRCODE = 'restrict_violation';
END $$;

-- Refuses a version of the settings or of the spend cap for which no change says who made it.
CREATE OR REPLACE FUNCTION auto_top_up_check_change() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  changed jsonb := to_jsonb(NEW);
BEGIN
  IF NOT EXISTS (
    SELECT 1 FROM auto_top_up_changes c
    WHERE c.team_id = NEW.team_id AND c.pool_id IS NOT DISTINCT FROM (changed ->> 'pool_id')::uuid AND c.version = NEW.version
  ) THEN
    RAISE EXCEPTION 'version % of % has nobody who made it', NEW.version, TG_TABLE_NAME
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NULL;
END $$;

-- Refuses an auto top-up that adds more at once than the team's cap allows in a month, because it would wait for
-- ever. A cap of zero is the team's switch for all of its auto top-ups, so pools may have theirs on meanwhile.
CREATE OR REPLACE FUNCTION auto_top_up_fits_cap() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  -- Whoever changes the cap and whoever changes an amount meet in this row.
  PERFORM 1 FROM spend_caps c WHERE c.team_id = NEW.team_id FOR UPDATE;
  IF EXISTS (
    SELECT 1 FROM spend_caps c JOIN auto_top_up_settings s ON s.team_id = c.team_id
    WHERE c.team_id = NEW.team_id AND c.cap_nanos > 0 AND s.enabled AND s.amount_nanos > c.cap_nanos
  ) THEN
    RAISE EXCEPTION 'an auto top-up of team % adds more than the spend cap', NEW.team_id USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;

-- Makes a pool due for a top-up if this cause may, and returns whether it did. Usage and a refusal leave a pool alone
-- that is due already; a person's save and another card after a failure replace the earlier cause.
-- Locks the pool before its settings, as everything does that moves its credits.
CREATE OR REPLACE FUNCTION auto_top_up_make_due(p_team uuid, p_pool uuid, p_cause text, p_needs bigint, p_now timestamptz)
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

-- Refuses a change of the settings or of the spend cap that doesn't count the version up.
CREATE OR REPLACE FUNCTION auto_top_up_refuse_silent_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'a change of % needs its own version', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;

-- Refuses a clawback that has no entry in the pool of its purchase, to the nano.
CREATE OR REPLACE FUNCTION clawbacks_check_entry() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM entries e WHERE e.team_id = NEW.team_id AND e.cause_id = NEW.id AND clawbacks_match(NEW, e)) THEN
    RAISE EXCEPTION 'clawback % has not moved its credits', NEW.id USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NULL;
END $$;

-- Refuses a purchase whose refunds and disputes haven't taken back exactly what they claim: each at most its own
-- amount, all together at most what was captured. Refuses one that is credited while a refund or dispute of its
-- payment still waits for it.
-- A payment with tax in it gives back credits in the proportion in which credits were paid for.
CREATE OR REPLACE FUNCTION clawbacks_check_purchase(p_team uuid, p_purchase uuid) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  purchase purchases;
  claims record;
  paid bigint;
  owed bigint;
BEGIN
  SELECT * INTO purchase FROM purchases WHERE team_id = p_team AND id = p_purchase;
  paid := coalesce(purchase.paid_nanos, purchase.captured_nanos, 0);
  SELECT coalesce(sum(c.claimed), 0) AS claimed, coalesce(sum(c.taken), 0) AS taken,
      coalesce(sum(clawbacks_share(c.claimed, purchase.captured_nanos, paid)), 0) AS share,
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
  -- Claims of all that was paid take all credits, whatever each share was rounded to.
  owed := coalesce(purchase.captured_nanos, 0);
  IF claims.claimed < paid THEN owed := least(owed, claims.share); END IF;
  IF claims.wrong OR claims.taken <> purchase.taken_back_nanos OR claims.taken <> owed THEN
    RAISE EXCEPTION 'purchase %: refunds and disputes claim %, have taken %, and are counted as %',
      p_purchase, claims.claimed, claims.taken, purchase.taken_back_nanos USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  IF EXISTS (
      SELECT 1 FROM refunds r
      WHERE r.team_id = p_team AND r.purchase_id IS NULL AND r.payment_intent_id = purchase.payment_intent_id
    ) OR EXISTS (
      SELECT 1 FROM disputes d
      WHERE d.team_id = p_team AND d.purchase_id IS NULL AND d.payment_intent_id = purchase.payment_intent_id
    ) THEN
    RAISE EXCEPTION 'purchase % was credited and money that left again still waits', p_purchase
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
END $$;

-- Checks the purchase that a changed refund, dispute, clawback or purchase belongs to.
CREATE OR REPLACE FUNCTION clawbacks_check_row() RETURNS trigger LANGUAGE plpgsql AS $$
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

-- Adds a clawback to its purchase's total, in the row where two that come at once meet.
CREATE OR REPLACE FUNCTION clawbacks_count() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE purchases SET taken_back_nanos = taken_back_nanos + NEW.amount_nanos
    WHERE team_id = NEW.team_id AND id = NEW.purchase_id;
  RETURN NULL;
END $$;

-- Refuses to change or delete what says why credits were taken back.
CREATE OR REPLACE FUNCTION clawbacks_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% are kept: they say why credits were taken back', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;

-- Keeps an earlier reading of a dispute from overwriting a later one, and a dispute from becoming one of another
-- payment.
CREATE OR REPLACE FUNCTION disputes_refuse_regress() RETURNS trigger LANGUAGE plpgsql AS $$
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

-- Adds a job and returns its id. A job that waits under the same key is replaced.
-- A job that a worker is taking at this moment is neither replaced nor joined by another: the queue then returns
-- nothing, and if the worker has already looked, the work would be forgotten. Asked again, the queue sees that the
-- job is taken and adds a new one.
CREATE OR REPLACE FUNCTION enqueue_job(
  identifier text, payload json, job_key text, max_attempts integer, run_at timestamptz DEFAULT NULL
) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
  job_id bigint;
BEGIN
  FOR attempt IN 1..5 LOOP
    SELECT job.id INTO job_id FROM graphile_worker.add_job(
      enqueue_job.identifier, payload := enqueue_job.payload, run_at := enqueue_job.run_at,
      max_attempts := enqueue_job.max_attempts, job_key := enqueue_job.job_key) job;
    IF job_id IS NOT NULL THEN
      RETURN job_id;
    END IF;
  END LOOP;
  RAISE EXCEPTION 'the queue took no job %', enqueue_job.job_key USING ERRCODE = 'serialization_failure';
END $$;

-- Refuses an entry that doesn't go on where its pool's entries end: with the next number, and with the balance before
-- it in its bucket plus its amount.
-- Not run for ledger_spend, which numbers and sums its rows itself and alone writes entries without a cause.
CREATE OR REPLACE FUNCTION entries_check_chain() RETURNS trigger LANGUAGE plpgsql AS $$
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

-- Refuses an entry that credits a purchase which wasn't captured in this pool and amount, and one that moves money
-- back without a clawback that says so.
-- One function for both, because each further trigger on entries is asked about each row of a spend.
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
  RETURN NULL;
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

-- Refuses to change or delete an entry: entries are history, and another entry corrects a mistake.
CREATE OR REPLACE FUNCTION entries_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'ledger entries are append-only' USING ERRCODE = 'restrict_violation';
END $$;

-- Refuses a grant that no function of the ledger writes, a change of anything but what remains of it, a remainder
-- above what was granted, and an expiry of credits that were paid for.
-- Not run for ledger_spend, which only takes from what grants have left.
CREATE OR REPLACE FUNCTION grants_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF coalesce(current_setting('ledger.writer', true), '') = '' THEN
    RAISE EXCEPTION 'grants are written by the ledger''s functions only' USING ERRCODE = 'restrict_violation';
  END IF;
  IF TG_OP = 'UPDATE'
    AND to_jsonb(NEW) - '{remaining_nanos,is_open}'::text[] <> to_jsonb(OLD) - '{remaining_nanos,is_open}'::text[] THEN
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

-- Refuses to delete a grant: grants say which money paid for what.
CREATE OR REPLACE FUNCTION grants_refuse_delete() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'grants are kept: they say which money paid for what' USING ERRCODE = 'restrict_violation';
END $$;

-- Begins a pool's billing period: what the last one included and wasn't used expires, then the new period's
-- allowances and included credits come. Bought credits stay. A period that lies in the future begins at once when the
-- pool has no other.
-- Returns false, and changes nothing, if the pool's present period isn't over, even if the team's anchor has moved,
-- or if a later one has begun already.
CREATE OR REPLACE FUNCTION ledger_begin_period(
  p_team uuid, p_pool uuid, p_period uuid, p_plan plan, p_starts_at timestamptz, p_ends_at timestamptz,
  p_included bigint, p_priority smallint, p_consumables text[], p_quantities bigint[], p_now timestamptz
) RETURNS boolean LANGUAGE plpgsql SET ledger.writer = 'period' AS $$
DECLARE
  pool pools;
BEGIN
  SELECT * INTO STRICT pool FROM pools WHERE team_id = p_team AND id = p_pool FOR NO KEY UPDATE;
  IF pool.period_ends_at > p_now OR pool.period_starts_at >= p_starts_at OR p_now >= p_ends_at THEN RETURN false; END IF;
  INSERT INTO periods (team_id, id, pool_id, plan, starts_at, ends_at)
    VALUES (p_team, p_period, p_pool, p_plan, p_starts_at, p_ends_at);
  PERFORM ledger_expire(p_team, p_pool, p_now);
  UPDATE pools p SET period_starts_at = p_starts_at, period_ends_at = p_ends_at, revision = p.revision + 1, withheld_nanos = 0
    WHERE p.team_id = p_team AND p.id = p_pool;
  INSERT INTO allowances (team_id, pool_id, period_starts_at, consumable, granted)
    SELECT p_team, p_pool, p_starts_at, a.consumable, a.quantity
    FROM unnest(p_consumables, p_quantities) AS a (consumable, quantity);
  IF p_included > 0 THEN
    PERFORM ledger_credit(
      p_team, p_pool, 'included_grant', 'included', p_priority,
      p_included, p_period, p_starts_at, p_ends_at, NULL);
  END IF;
  PERFORM ledger_rearm(p_team, p_pool);
  RETURN true;
END $$;

-- Adds credits to a pool: one grant, one entry. Debt is repaid first. A cause that was already credited changes
-- nothing and returns what it returned then.
CREATE OR REPLACE FUNCTION ledger_credit(
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
  INSERT INTO entries (
    team_id, pool_no, seq, bucket, kind, amount_nanos, balance_after_nanos,
    cause_id, grant_no, detail, reported_at
  )
    VALUES (
      p_team, pool.no, seq, target, p_kind, p_amount, balance_after_nanos,
      p_cause, pool.last_grant_no + 1, p_detail, p_occurred_at
    );
  INSERT INTO grants (team_id, pool_id, no, kind, priority, original_nanos, remaining_nanos, is_open, cause_id, expires_at)
    VALUES (
      p_team, p_pool, pool.last_grant_no + 1, p_grant_kind, p_priority,
      p_amount, p_amount - repaid, p_amount > repaid, p_cause, p_expires_at
    );
  UPDATE pools p SET
    last_seq = p.last_seq + 1, revision = p.revision + 1, last_grant_no = p.last_grant_no + 1,
    debt_nanos = p.debt_nanos - repaid,
    included_nanos = p.included_nanos + CASE target WHEN 'included' THEN p_amount ELSE 0 END,
    credits_nanos = p.credits_nanos + CASE target WHEN 'credits' THEN p_amount ELSE 0 END,
    lifetime_added_nanos = p.lifetime_added_nanos + CASE WHEN p_kind IN ('purchase', 'auto_top_up') THEN p_amount ELSE 0 END
    WHERE p.team_id = p_team AND p.id = p_pool;
  PERFORM ledger_rearm(p_team, p_pool);
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
        p_now, lot.id, lot.no, p_at
      );
    UPDATE grants g SET remaining_nanos = 0, is_open = false WHERE g.team_id = p_team AND g.id = lot.id;
  END LOOP;
  UPDATE periods d SET ends_at = p_at
    WHERE d.team_id = p_team AND d.pool_id = p_pool AND d.starts_at = pool.period_starts_at;
  UPDATE pools p SET period_ends_at = p_at, revision = p.revision + 1, withheld_nanos = 0
    WHERE p.team_id = p_team AND p.id = p_pool;
  RETURN true;
END $$;

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
        p_now, lot.id, lot.no, lot.expires_at
      );
    UPDATE grants g SET remaining_nanos = 0, is_open = false WHERE g.team_id = p_team AND g.id = lot.id;
  END LOOP;
  IF changed THEN PERFORM ledger_rearm(p_team, p_pool); END IF;
  RETURN changed;
END $$;

-- Gives a pool whose present period is withheld the allowances of the plan that its team has come down to, less what
-- was used. Returns false if the period isn't withheld.
CREATE OR REPLACE FUNCTION ledger_fall_back(
  p_team uuid, p_pool uuid, p_consumables text[], p_quantities bigint[], p_now timestamptz
) RETURNS boolean LANGUAGE plpgsql SET ledger.writer = 'period' AS $$
DECLARE
  pool pools;
BEGIN
  SELECT * INTO STRICT pool FROM pools WHERE team_id = p_team AND id = p_pool FOR NO KEY UPDATE;
  IF pool.period_ends_at IS NULL OR pool.period_ends_at <= p_now OR NOT EXISTS (
    SELECT 1 FROM period_withholdings w WHERE w.team_id = p_team AND w.pool_id = p_pool
      AND w.period_starts_at = pool.period_starts_at AND w.returned_at IS NULL AND NOT w.only_raised) THEN RETURN false; END IF;
  INSERT INTO allowances AS a (team_id, pool_id, period_starts_at, consumable, granted)
    SELECT p_team, p_pool, pool.period_starts_at, n.consumable, n.quantity
    FROM unnest(p_consumables, p_quantities) AS n (consumable, quantity)
    ON CONFLICT (team_id, pool_id, period_starts_at, consumable) DO UPDATE SET granted = greatest(a.granted, excluded.granted);
  UPDATE pools p SET revision = p.revision + 1 WHERE p.team_id = p_team AND p.id = p_pool;
  RETURN true;
END $$;

-- Gives back what was taken: debt is repaid first, the rest is a new grant of the kind that was paid for. It was
-- bought once and counts as added once. A cause that has already given changes nothing.
CREATE OR REPLACE FUNCTION ledger_give_back(
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

-- Notes that a pool has become low or was used up other than by a spend, and returns what is new, for the caller to
-- tell.
CREATE OR REPLACE FUNCTION ledger_note_fall(p_team uuid, p_pool uuid, OUT crossings text[], OUT revision bigint)
LANGUAGE plpgsql SET ledger.writer = 'note' AS $$
DECLARE
  pool record;
BEGIN
  SELECT p.revision, p.is_low, p.is_depleted, pool_available(p) <= low_balance_threshold(p_team, p_pool) AS falls_low,
      p.credits_nanos + p.included_nanos < nanos_per_cent() AS falls_empty
    INTO STRICT pool FROM pools p WHERE p.team_id = p_team AND p.id = p_pool;
  revision := pool.revision;
  crossings := array_remove(ARRAY[
    CASE WHEN pool.falls_low AND NOT pool.is_low THEN 'low' END,
    CASE WHEN pool.falls_empty AND NOT pool.is_depleted THEN 'depleted' END
  ], NULL);
  IF cardinality(crossings) > 0 THEN
    UPDATE pools p SET revision = p.revision + 1,
        is_low = p.is_low OR pool.falls_low, is_depleted = p.is_depleted OR pool.falls_empty
      WHERE p.team_id = p_team AND p.id = p_pool;
  END IF;
END $$;

-- Rearms a pool after a capture, which gives back what the run didn't need and takes the rest: only both together are
-- a rise.
CREATE OR REPLACE FUNCTION ledger_note_rise(p_team uuid, p_pool uuid) RETURNS void
LANGUAGE plpgsql SET ledger.writer = 'note' AS $$
BEGIN
  PERFORM ledger_rearm(p_team, p_pool);
END $$;

-- Sets credits aside. Refuses if the pool holds too little or is in debt by a cent or more; the caller has looked
-- under the pool's lock.
CREATE OR REPLACE FUNCTION ledger_open_hold(
  p_team uuid, p_id uuid, p_pool uuid, p_meter integer, p_quantity bigint, p_amount bigint,
  p_request_key text, p_request_print text, p_now timestamptz, p_expires_at timestamptz
) RETURNS void LANGUAGE plpgsql SET ledger.writer = 'hold' AS $$
BEGIN
  UPDATE pools p SET held_nanos = p.held_nanos + p_amount, revision = p.revision + 1,
      holds_expire_at = least(p.holds_expire_at, p_expires_at)
    WHERE p.team_id = p_team AND p.id = p_pool AND p.debt_nanos < nanos_per_cent()
      -- Usage that the allowance pays sets nothing aside and is refused to nobody, as in a spend.
      AND (p_amount = 0 OR p.included_nanos + p.credits_nanos - p.held_nanos >= p_amount);
  IF NOT FOUND THEN
    RAISE EXCEPTION 'pool % holds too little to set % aside', p_pool, p_amount USING ERRCODE = 'check_violation';
  END IF;
  INSERT INTO holds (
    team_id, id, pool_id, meter_no, quantity, amount_nanos, left_nanos, request_key, request_print, created_at, expires_at
  )
    VALUES (p_team, p_id, p_pool, p_meter, p_quantity, p_amount, p_amount, p_request_key, p_request_print, p_now, p_expires_at);
END $$;

-- Gives a pool what a larger plan adds to its present period: these quantities more of each allowance, and these
-- included credits. Returns false, and gives nothing, if the pool came to this plan before in this period.
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
    SELECT p_team, p_pool, pool.period_starts_at, n.consumable, n.quantity
    FROM unnest(p_consumables, p_quantities) AS n (consumable, quantity)
    ON CONFLICT (team_id, pool_id, period_starts_at, consumable) DO UPDATE SET granted = a.granted + excluded.granted;
  UPDATE pools p SET revision = p.revision + 1 WHERE p.team_id = p_team AND p.id = p_pool;
  IF p_included > 0 THEN
    PERFORM ledger_credit(
      p_team, p_pool, 'included_grant', 'included', p_priority,
      p_included, p_change, p_now, pool.period_ends_at, NULL);
  END IF;
  PERFORM ledger_rearm(p_team, p_pool);
  RETURN true;
END $$;

-- Returns everything that decides about the next spend of these pools: as it is now or, locked, as it stays until the
-- transaction ends.
CREATE OR REPLACE FUNCTION ledger_read_pools(p_team uuid, p_pools uuid[], p_lock boolean)
RETURNS TABLE (
  id uuid, no integer, revision bigint, last_seq bigint,
  credits_nanos bigint, included_nanos bigint, debt_nanos bigint, held_nanos bigint, withheld_nanos bigint,
  is_low boolean, is_depleted boolean, has_had_credits boolean, period_starts_at timestamptz, period_ends_at timestamptz,
  holds_expire_at timestamptz, is_due boolean, lots json, allowances json
) LANGUAGE plpgsql AS $$
BEGIN
  IF p_lock THEN
    -- A statement of its own: what is read next must be newer than the lock.
    PERFORM 1 FROM pools p WHERE p.team_id = p_team AND p.id = ANY (p_pools) ORDER BY p.id FOR NO KEY UPDATE;
  END IF;
  RETURN QUERY SELECT p.id, p.no, p.revision, p.last_seq,
      p.credits_nanos, p.included_nanos::bigint, p.debt_nanos::bigint, p.held_nanos::bigint, p.withheld_nanos::bigint,
      p.is_low, p.is_depleted, p.lifetime_added_nanos > 0 OR p.lifetime_spent_nanos > 0, p.period_starts_at, p.period_ends_at,
      p.holds_expire_at,
      EXISTS (SELECT 1 FROM auto_top_up_settings s WHERE s.team_id = p_team AND s.pool_id = p.id AND s.due_at IS NOT NULL),
      (SELECT json_agg(
          json_build_array(g.id, g.no, g.kind, g.remaining_nanos::text, floor(extract(epoch FROM g.expires_at) * 1000))
          ORDER BY g.priority, g.expires_at NULLS LAST, g.id)
        FROM grants g WHERE g.team_id = p_team AND g.pool_id = p.id AND g.is_open),
      (SELECT json_agg(json_build_array(a.consumable, (a.granted - a.used)::text)) FROM allowances a
        WHERE a.team_id = p_team AND a.pool_id = p.id AND a.period_starts_at = p.period_starts_at AND a.granted > a.used)
    FROM pools p WHERE p.team_id = p_team AND p.id = ANY (p_pools);
END $$;

-- Gives back some or all of what an open hold sets aside, and settles the hold if it gets another status. A hold that
-- is released is a rise. One that is captured, or reduced for a spend, is none before that spend is written.
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
      holds_expire_at = (
        SELECT min(h.expires_at) FROM holds h
        WHERE h.team_id = p_team AND h.pool_id = p.id AND h.status = 'open')
    WHERE p.team_id = p_team AND p.id = reduced.pool_id;
  IF p_status = 'released' THEN PERFORM ledger_rearm(p_team, reduced.pool_id); END IF;
END $$;

-- Refuses whoever isn't a function of the ledger. Each of those names itself in the setting ledger.writer for as long
-- as it runs. That keeps mistakes out, not whoever owns the database.
CREATE OR REPLACE FUNCTION ledger_refuse_writer() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% are written by the ledger''s functions only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;

-- Gives what was withheld of a pool's present period, once. What was used meanwhile stays paid as it was. Returns
-- false if nothing is withheld.
CREATE OR REPLACE FUNCTION ledger_return_period(p_team uuid, p_pool uuid, p_priority smallint, p_now timestamptz)
RETURNS boolean LANGUAGE plpgsql SET ledger.writer = 'period' AS $$
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
      -- The pool may have been on the free plan meanwhile, and gives that allowance up for this one.
      granted = CASE WHEN withheld.only_raised THEN a.granted ELSE a.used END + excluded.granted;
  UPDATE pools p SET revision = p.revision + 1, withheld_nanos = 0 WHERE p.team_id = p_team AND p.id = p_pool;
  IF withheld.included_nanos > 0 THEN
    PERFORM ledger_credit(
      p_team, p_pool, 'included_grant', 'included', p_priority,
      withheld.included_nanos, withheld.id, p_now, pool.period_ends_at, NULL);
  END IF;
  PERFORM ledger_rearm(p_team, p_pool);
  RETURN true;
END $$;

-- Writes spends that were planned on one revision of each pool, and returns the pools in which they were written. A pool
-- that has changed since, or holds less than the caller believed, is left alone; for another version of the team nothing
-- at all is written.
-- The rows of a pool come in the order in which they were planned; p_grants has the grants that pay, each once. Entries,
-- grants, totals and daily totals all come from the same rows, so they can't differ.
-- The plans here are index look-ups of a handful of rows, whatever the tables' sizes, so the planner is told once.
CREATE OR REPLACE FUNCTION ledger_spend(
  p_team uuid, p_version bigint, p_now timestamptz, p_pools spend_pool[], p_grants uuid[], p_rows spend_row[],
  OUT applied uuid[]
) LANGUAGE plpgsql
  SET ledger.writer = 'spend' SET plan_cache_mode = force_generic_plan
  SET enable_seqscan = off SET enable_nestloop = off SET enable_mergejoin = off AS $$
DECLARE
  moved record;
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
        coalesce(sum_nanos(r.amount_nanos) FILTER (WHERE r.bucket = 'credits'), 0) AS credits,
        coalesce(sum_nanos(r.amount_nanos) FILTER (WHERE r.bucket = 'included'), 0) AS included,
        coalesce(sum_nanos(r.allowance_quantity), 0) AS allowance
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
      count(r.quantity), coalesce(sum_nanos(r.quantity), 0), coalesce(sum_nanos(r.allowance_quantity), 0),
      -coalesce(sum_nanos(r.amount_nanos) FILTER (WHERE r.bucket = 'included'), 0),
      -coalesce(sum_nanos(r.amount_nanos) FILTER (WHERE r.bucket = 'credits'), 0),
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

-- Takes credits back: first what is left of the grants of the causes in p_first, then of other paid grants, then of
-- promotions. What none of them holds is debt. Included credits are never touched. What has expired is written off
-- before. A cause that has already taken changes nothing.
CREATE OR REPLACE FUNCTION ledger_take_back(
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
  INSERT INTO entries (
    team_id, pool_no, seq, bucket, kind, amount_nanos, balance_after_nanos,
    created_at, cause_id, detail, reported_at
  )
    VALUES (p_team, pool.no, seq, 'credits', p_kind, -p_amount, balance_after_nanos, p_now, p_cause, p_detail, p_occurred_at);
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
        p_now, lot.id, lot.no, p_now
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

-- Refuses to leave a team without an Owner for as long as it exists: nobody else could give the role back. Run at
-- commit, so that an Owner can hand over to somebody else. An index holds that there is one at most.
CREATE OR REPLACE FUNCTION members_keep_an_owner() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM teams WHERE id = old.team_id AND deleted_at IS NULL) AND NOT EXISTS (
    SELECT 1 FROM members WHERE team_id = old.team_id AND role = 'OWNER' AND removed_at IS NULL
  ) THEN
    RAISE EXCEPTION 'team % would have no Owner', old.team_id
      USING ERRCODE = 'restrict_violation', CONSTRAINT = 'members_keep_an_owner';
  END IF;
  RETURN NULL;
END $$;

-- Refuses to change or delete a meter: its terms are what usage was charged at.
CREATE OR REPLACE FUNCTION meters_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'a meter keeps its terms: they are what usage was charged at' USING ERRCODE = 'restrict_violation';
END $$;

-- Refuses a pool whose totals differ from its last entries, from what is left in its grants less debt, or from its open
-- holds.
-- Not run for ledger_spend, whose one set of rows is entries, grants and totals at once. A nightly job looks at all pools.
CREATE OR REPLACE FUNCTION pools_check_balance() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  changed jsonb := to_jsonb(NEW);
  pool pools;
  grants_left record;
  held bigint;
  last_included record;
  last_credits record;
BEGIN
  IF TG_TABLE_NAME = 'entries' THEN
    SELECT * INTO pool FROM pools p WHERE p.team_id = NEW.team_id AND p.no = (changed ->> 'pool_no')::integer;
  ELSE
    SELECT * INTO pool FROM pools p WHERE p.team_id = NEW.team_id
      AND p.id = (changed ->> CASE TG_TABLE_NAME WHEN 'pools' THEN 'id' ELSE 'pool_id' END)::uuid;
  END IF;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'the team has no such pool' USING ERRCODE = 'foreign_key_violation';
  END IF;

  SELECT e.seq, e.balance_after_nanos INTO last_included FROM entries e
    WHERE e.team_id = pool.team_id AND e.pool_no = pool.no AND e.bucket = 'included' ORDER BY e.seq DESC LIMIT 1;
  SELECT e.seq, e.balance_after_nanos INTO last_credits FROM entries e
    WHERE e.team_id = pool.team_id AND e.pool_no = pool.no AND e.bucket = 'credits' ORDER BY e.seq DESC LIMIT 1;
  IF pool.last_seq <> greatest(last_included.seq, last_credits.seq, 0)
    OR pool.included_nanos <> coalesce(last_included.balance_after_nanos, 0)
    OR pool.credits_nanos <> coalesce(last_credits.balance_after_nanos, 0) THEN
    RAISE EXCEPTION 'pool % disagrees with its entries', pool.id USING ERRCODE = 'integrity_constraint_violation';
  END IF;

  SELECT coalesce(sum(g.remaining_nanos) FILTER (WHERE g.kind = 'included'), 0) AS included,
      coalesce(sum(g.remaining_nanos) FILTER (WHERE g.kind <> 'included'), 0) AS credits
    INTO grants_left FROM grants g WHERE g.team_id = pool.team_id AND g.pool_id = pool.id AND g.is_open;
  IF pool.included_nanos <> grants_left.included OR pool.credits_nanos <> grants_left.credits - pool.debt_nanos THEN
    RAISE EXCEPTION 'pool % disagrees with its grants: included % against %, credits % against % less debt %',
      pool.id, pool.included_nanos, grants_left.included, pool.credits_nanos, grants_left.credits, pool.debt_nanos
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;

  SELECT coalesce(sum(h.left_nanos), 0) INTO held FROM holds h
    WHERE h.team_id = pool.team_id AND h.pool_id = pool.id AND h.status = 'open';
  IF pool.held_nanos <> held THEN
    RAISE EXCEPTION 'pool % disagrees with its holds: % against %', pool.id, pool.held_nanos, held
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NULL;
END $$;

-- Refuses a change of a pool that no function of the ledger makes, and any change of whose pool it is.
-- Not run for ledger_spend, which only moves totals.
CREATE OR REPLACE FUNCTION pools_guard() RETURNS trigger LANGUAGE plpgsql AS $$
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

-- Refuses a new pool that isn't empty: credits come by entries only.
CREATE OR REPLACE FUNCTION pools_start_empty() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (NEW.last_seq, NEW.included_nanos, NEW.credits_nanos, NEW.debt_nanos, NEW.held_nanos, NEW.lifetime_added_nanos,
      NEW.lifetime_spent_nanos, NEW.last_grant_no, NEW.period_starts_at)
    IS DISTINCT FROM (0::bigint, 0::bigint, 0::bigint, 0::bigint, 0::bigint, 0::bigint, 0::bigint, 0, NULL::timestamptz) THEN
    RAISE EXCEPTION 'a pool starts empty' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;

-- Gives a new pool the next number of its team. Locks the team, so that two pools can't take the same one.
CREATE OR REPLACE FUNCTION pools_take_number() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM 1 FROM teams WHERE id = NEW.team_id FOR NO KEY UPDATE;
  SELECT coalesce(max(no), 0) + 1 INTO NEW.no FROM pools WHERE team_id = NEW.team_id;
  RETURN NEW;
END $$;

-- Refuses a purchase that succeeded without its credits in the ledger, to the nano.
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

-- Refuses to delete a purchase.
CREATE OR REPLACE FUNCTION purchases_refuse_delete() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'purchases are kept' USING ERRCODE = 'restrict_violation';
END $$;

-- Keeps a settled purchase settled, and keeps what was asked as it was asked.
CREATE OR REPLACE FUNCTION purchases_refuse_regress() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.status = 'succeeded' AND (NEW.status, NEW.captured_nanos, NEW.paid_nanos, NEW.payment_intent_id)
    IS DISTINCT FROM (OLD.status, OLD.captured_nanos, OLD.paid_nanos, OLD.payment_intent_id) THEN
    RAISE EXCEPTION 'a purchase that succeeded stays as it is' USING ERRCODE = 'restrict_violation';
  END IF;
  -- A checkout that a person left is expired at Stripe, which may say so first.
  IF OLD.status IN ('failed', 'expired', 'cancelled') AND NEW.status NOT IN (OLD.status, 'succeeded')
    AND NOT (OLD.status = 'expired' AND NEW.status = 'cancelled') THEN
    RAISE EXCEPTION 'a purchase that ended can only turn out to be paid' USING ERRCODE = 'restrict_violation';
  END IF;
  IF OLD.status = 'processing' AND NEW.status IN ('created', 'open') THEN
    RAISE EXCEPTION 'a payment that is processing was made' USING ERRCODE = 'restrict_violation';
  END IF;
  IF (NEW.team_id, NEW.id, NEW.pool_id, NEW.kind, NEW.amount_nanos,
      NEW.request_key, NEW.requested_by_member_id, NEW.created_at, NEW.expires_at)
    IS DISTINCT FROM (OLD.team_id, OLD.id, OLD.pool_id, OLD.kind, OLD.amount_nanos,
      OLD.request_key, OLD.requested_by_member_id, OLD.created_at, OLD.expires_at)
    OR (OLD.checkout_session_id IS NOT NULL AND NEW.checkout_session_id IS DISTINCT FROM OLD.checkout_session_id) THEN
    RAISE EXCEPTION 'what was asked in a purchase never changes' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;

-- Refuses an auto top-up beyond the limits, independently of whoever decided on it: three an hour and ten a day for
-- each pool, and the team's cap. Locks the cap's row, so that two pools can't both take what is left of it.
CREATE OR REPLACE FUNCTION purchases_refuse_runaway() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  most_per_hour CONSTANT integer := 3;
  most_per_day CONSTANT integer := 10;
  cap bigint;
  last_hour integer;
  last_day integer;
BEGIN
  SELECT c.cap_nanos INTO STRICT cap FROM spend_caps c WHERE c.team_id = NEW.team_id FOR UPDATE;
  SELECT count(*), count(*) FILTER (WHERE p.created_at > NEW.created_at - interval '1 hour') INTO last_day, last_hour
    FROM purchases p WHERE p.team_id = NEW.team_id AND p.pool_id = NEW.pool_id AND p.kind = 'auto_top_up'
      AND p.created_at > NEW.created_at - interval '24 hours';
  IF last_hour >= most_per_hour OR last_day >= most_per_day THEN
    RAISE EXCEPTION 'too many auto top-ups of pool %', NEW.pool_id USING ERRCODE = 'check_violation';
  END IF;
  IF auto_top_up_committed(NEW.team_id, NEW.created_at) + NEW.amount_nanos > cap THEN
    RAISE EXCEPTION 'an auto top-up of pool % would exceed the spend cap', NEW.pool_id USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;

-- Keeps an earlier reading of a refund from overwriting a later one, and a refund from becoming one of another
-- payment.
CREATE OR REPLACE FUNCTION refunds_refuse_regress() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (NEW.status, NEW.reason, NEW.failure_reason) IS DISTINCT FROM (OLD.status, OLD.reason, OLD.failure_reason)
    AND NEW.read_no <= OLD.read_no OR NEW.read_no < OLD.read_no THEN
    RAISE EXCEPTION 'a refund is not taken back to what was read of it before' USING ERRCODE = 'restrict_violation';
  END IF;
  IF OLD.status IN ('failed', 'canceled') AND NEW.status <> OLD.status THEN
    RAISE EXCEPTION 'a refund that failed or was cancelled stays so' USING ERRCODE = 'restrict_violation';
  END IF;
  IF (NEW.team_id, NEW.id, NEW.stripe_refund_id, NEW.payment_intent_id, NEW.amount_nanos,
      NEW.occurred_at, NEW.created_at)
    IS DISTINCT FROM (OLD.team_id, OLD.id, OLD.stripe_refund_id, OLD.payment_intent_id, OLD.amount_nanos,
      OLD.occurred_at, OLD.created_at)
    OR (OLD.purchase_id IS NOT NULL AND NEW.purchase_id IS DISTINCT FROM OLD.purchase_id) THEN
    RAISE EXCEPTION 'a refund stays what it is of' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;

-- Takes a turn for an endpoint and returns null. Takes none if the endpoint, or as many others of its team, have one
-- already, and returns when the first of them ends by itself.
CREATE OR REPLACE FUNCTION take_webhook_turn(
  of_team uuid, of_endpoint uuid, turn_id uuid, taken_at timestamptz, until_at timestamptz, most integer
) RETURNS timestamptz LANGUAGE plpgsql AS $$
DECLARE
  taken integer;
  first_ends_at timestamptz;
  own_ends_at timestamptz;
BEGIN
  -- Turns are taken one after the other, so that the count holds. Whoever ends a turn takes this lock too.
  PERFORM pg_advisory_xact_lock(hashtextextended('webhook-turns:' || of_team, 0));
  DELETE FROM webhook_turns WHERE team_id = of_team AND ends_at <= taken_at;
  SELECT count(*), min(ends_at), max(ends_at) FILTER (WHERE endpoint_id = of_endpoint)
    INTO taken, first_ends_at, own_ends_at FROM webhook_turns WHERE team_id = of_team;
  IF own_ends_at IS NOT NULL THEN
    RETURN own_ends_at;
  END IF;
  IF taken >= most THEN
    RETURN first_ends_at;
  END IF;
  INSERT INTO webhook_turns (team_id, endpoint_id, id, ends_at) VALUES (of_team, of_endpoint, turn_id, until_at);
  RETURN NULL;
END $$;

-- Counts up the metering version of the team that a changed row belongs to, so that what a process remembers of the
-- team no longer counts.
CREATE OR REPLACE FUNCTION team_parts_change_metering() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE teams SET metering_version = metering_version + 1 WHERE id = coalesce(NEW.team_id, OLD.team_id);
  RETURN NULL;
END $$;

-- Gives a new team the default spend cap.
CREATE OR REPLACE FUNCTION teams_begin_with_a_cap() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO spend_caps (team_id) VALUES (NEW.id);
  RETURN NULL;
END $$;

-- Counts up the team's metering version. A spend names the version it was planned with, so that a revoked key, a
-- removed member or another plan holds from the next request.
CREATE OR REPLACE FUNCTION teams_change_metering() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.metering_version := OLD.metering_version + 1;
  RETURN NEW;
END $$;


-- The triggers.

-- Lets only the functions of the ledger write allowances.
CREATE TRIGGER allowances_by_ledger BEFORE INSERT OR UPDATE OR DELETE ON allowances
  FOR EACH STATEMENT
  WHEN (coalesce(current_setting('ledger.writer', true), '') = '') EXECUTE FUNCTION ledger_refuse_writer();

-- A key that was made, changed or revoked holds from the next request.
CREATE TRIGGER api_keys_change_metering AFTER INSERT OR UPDATE OR DELETE ON api_keys
  FOR EACH ROW EXECUTE FUNCTION team_parts_change_metering();

-- A revoked key stays revoked, and a key stays what it is.
CREATE TRIGGER api_keys_refuse_regress BEFORE UPDATE ON api_keys
  FOR EACH ROW EXECUTE FUNCTION api_keys_refuse_regress();

-- The history of the settings is never changed.
CREATE TRIGGER auto_top_up_changes_append_only BEFORE UPDATE OR DELETE ON auto_top_up_changes
  FOR EACH ROW EXECUTE FUNCTION auto_top_up_changes_refuse();

-- Metering remembers whether the cap has stopped a pool's auto top-up.
CREATE TRIGGER auto_top_up_decisions_change_metering AFTER INSERT ON auto_top_up_decisions
  FOR EACH ROW EXECUTE FUNCTION team_parts_change_metering();

-- At commit, each version of the settings has a change that says who made it.
CREATE CONSTRAINT TRIGGER auto_top_up_settings_are_audited AFTER INSERT OR UPDATE ON auto_top_up_settings
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION auto_top_up_check_change();

-- Settings that a person chooses change only together with their version.
CREATE TRIGGER auto_top_up_settings_change_by_version BEFORE UPDATE ON auto_top_up_settings
  FOR EACH ROW WHEN ((OLD.enabled, OLD.threshold_nanos, OLD.amount_nanos, OLD.allowed_by_member_id)
    IS DISTINCT FROM (NEW.enabled, NEW.threshold_nanos, NEW.amount_nanos, NEW.allowed_by_member_id)
    AND NEW.version <> OLD.version + 1) EXECUTE FUNCTION auto_top_up_refuse_silent_change();

-- The threshold of auto top-up is the pool's low-balance threshold while it is on, and the amount says which refusals
-- one top-up would let pass. Metering remembers both.
CREATE TRIGGER auto_top_up_settings_change_metering
  AFTER INSERT OR UPDATE OF enabled, threshold_nanos, amount_nanos ON auto_top_up_settings
  FOR EACH ROW EXECUTE FUNCTION team_parts_change_metering();

-- At commit, no auto top-up adds more at once than the cap allows in a month. Whoever changes an amount and whoever
-- changes the cap meet in the cap's row.
CREATE CONSTRAINT TRIGGER auto_top_up_settings_fit_cap
  AFTER INSERT OR UPDATE OF enabled, amount_nanos ON auto_top_up_settings
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.enabled) EXECUTE FUNCTION auto_top_up_fits_cap();

-- A clawback is never changed or deleted.
CREATE TRIGGER clawbacks_append_only BEFORE UPDATE OR DELETE ON clawbacks
  FOR EACH ROW EXECUTE FUNCTION clawbacks_refuse_change();

-- At commit, each clawback has moved its credits.
CREATE CONSTRAINT TRIGGER clawbacks_are_posted AFTER INSERT ON clawbacks
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION clawbacks_check_entry();

-- A purchase's total follows its clawbacks.
CREATE TRIGGER clawbacks_count AFTER INSERT ON clawbacks
  FOR EACH ROW EXECUTE FUNCTION clawbacks_count();

-- At commit, a payment's refunds and disputes have taken back exactly what they claim.
CREATE CONSTRAINT TRIGGER clawbacks_equal_claims AFTER INSERT ON clawbacks
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION clawbacks_check_row();

-- Clawbacks are kept for good.
CREATE TRIGGER clawbacks_no_truncate BEFORE TRUNCATE ON clawbacks
  FOR EACH STATEMENT EXECUTE FUNCTION clawbacks_refuse_change();

-- Disputes are kept for good.
CREATE TRIGGER disputes_are_kept BEFORE DELETE ON disputes
  FOR EACH ROW EXECUTE FUNCTION clawbacks_refuse_change();

-- At commit, a payment's refunds and disputes have taken back exactly what they claim.
CREATE CONSTRAINT TRIGGER disputes_equal_clawbacks AFTER INSERT OR UPDATE ON disputes
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION clawbacks_check_row();

-- An earlier reading of a dispute never overwrites a later one.
CREATE TRIGGER disputes_no_regress BEFORE UPDATE ON disputes
  FOR EACH ROW EXECUTE FUNCTION disputes_refuse_regress();

-- Disputes are kept for good.
CREATE TRIGGER disputes_no_truncate BEFORE TRUNCATE ON disputes
  FOR EACH STATEMENT EXECUTE FUNCTION clawbacks_refuse_change();

-- An entry is never changed or deleted.
CREATE TRIGGER entries_append_only BEFORE UPDATE OR DELETE ON entries
  FOR EACH ROW EXECUTE FUNCTION entries_refuse_change();

-- Entries are numbered without a gap, and each balance is the one before plus the amount. A spend, whose entries have
-- no cause, sees to that itself.
CREATE TRIGGER entries_continue_chain AFTER INSERT ON entries
  FOR EACH ROW WHEN (NEW.cause_id IS NOT NULL) EXECUTE FUNCTION entries_check_chain();

-- At commit, a purchase's credits are those that were captured, and money moves back by a clawback only.
CREATE CONSTRAINT TRIGGER entries_credit_is_captured AFTER INSERT ON entries
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
  WHEN (NEW.cause_id IS NOT NULL) EXECUTE FUNCTION entries_check_purchase();

-- At commit, a pool's totals equal its last entries.
CREATE CONSTRAINT TRIGGER entries_equal_pool AFTER INSERT ON entries
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.cause_id IS NOT NULL) EXECUTE FUNCTION pools_check_balance();

-- A kind moves the bucket it belongs to, in its direction, and only the ledger's functions write.
CREATE TRIGGER entries_guard BEFORE INSERT ON entries
  FOR EACH ROW
  WHEN (current_setting('ledger.writer', true) IS DISTINCT FROM 'spend') EXECUTE FUNCTION entries_guard();

-- An entry is never changed or deleted.
CREATE TRIGGER entries_no_truncate BEFORE TRUNCATE ON entries
  FOR EACH STATEMENT EXECUTE FUNCTION entries_refuse_change();

-- Grants are kept for good.
CREATE TRIGGER grants_are_kept BEFORE DELETE ON grants
  FOR EACH ROW EXECUTE FUNCTION grants_refuse_delete();

-- At commit, a pool's totals equal what is left in its grants, less debt.
CREATE CONSTRAINT TRIGGER grants_equal_pool AFTER INSERT OR UPDATE ON grants
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
  WHEN (current_setting('ledger.writer', true) IS DISTINCT FROM 'spend') EXECUTE FUNCTION pools_check_balance();

-- Only what remains of a grant changes, and only the ledger's functions write.
CREATE TRIGGER grants_guard BEFORE INSERT OR UPDATE ON grants
  FOR EACH ROW WHEN (current_setting('ledger.writer', true) IS DISTINCT FROM 'spend') EXECUTE FUNCTION grants_guard();

-- Grants are kept for good.
CREATE TRIGGER grants_no_truncate BEFORE TRUNCATE ON grants
  FOR EACH STATEMENT EXECUTE FUNCTION grants_refuse_delete();

-- Lets only the functions of the ledger write holds.
CREATE TRIGGER holds_by_ledger BEFORE INSERT OR UPDATE OR DELETE ON holds
  FOR EACH STATEMENT
  WHEN (coalesce(current_setting('ledger.writer', true), '') = '') EXECUTE FUNCTION ledger_refuse_writer();

-- At commit, what a pool holds back equals its open holds.
CREATE CONSTRAINT TRIGGER holds_equal_pool AFTER INSERT OR UPDATE ON holds
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION pools_check_balance();

-- A member who joined, changed or was removed counts from the next request.
CREATE TRIGGER members_change_metering AFTER INSERT OR UPDATE OR DELETE ON members
  FOR EACH ROW EXECUTE FUNCTION team_parts_change_metering();

-- At commit, a team that exists has an Owner.
CREATE CONSTRAINT TRIGGER members_keep_an_owner AFTER UPDATE OF role, removed_at, team_id OR DELETE ON members
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
  WHEN (old.role = 'OWNER' AND old.removed_at IS NULL) EXECUTE FUNCTION members_keep_an_owner();

-- A meter keeps its terms.
CREATE TRIGGER meters_are_kept BEFORE UPDATE OR DELETE ON meters
  FOR EACH ROW EXECUTE FUNCTION meters_refuse_change();

-- A meter keeps its terms.
CREATE TRIGGER meters_no_truncate BEFORE TRUNCATE ON meters
  FOR EACH STATEMENT EXECUTE FUNCTION meters_refuse_change();

-- Lets only the functions of the ledger write what is withheld of a period.
CREATE TRIGGER period_withholdings_by_ledger BEFORE INSERT OR UPDATE OR DELETE ON period_withholdings
  FOR EACH STATEMENT
  WHEN (coalesce(current_setting('ledger.writer', true), '') = '') EXECUTE FUNCTION ledger_refuse_writer();

-- Lets only the functions of the ledger write changes of a pool's plan.
CREATE TRIGGER plan_changes_by_ledger BEFORE INSERT OR UPDATE OR DELETE ON plan_changes
  FOR EACH STATEMENT
  WHEN (coalesce(current_setting('ledger.writer', true), '') = '') EXECUTE FUNCTION ledger_refuse_writer();

-- Metering remembers a team's pools.
CREATE TRIGGER pools_change_metering AFTER INSERT OR DELETE ON pools
  FOR EACH ROW EXECUTE FUNCTION team_parts_change_metering();

-- At commit, a pool's totals equal its entries, its grants less debt, and its open holds. A spend sees to that
-- itself.
CREATE CONSTRAINT TRIGGER pools_equal_grants AFTER UPDATE ON pools
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
  WHEN (current_setting('ledger.writer', true) IS DISTINCT FROM 'spend') EXECUTE FUNCTION pools_check_balance();

-- A pool stays whose it is, and only the ledger's functions write.
CREATE TRIGGER pools_guard BEFORE UPDATE ON pools
  FOR EACH ROW WHEN (current_setting('ledger.writer', true) IS DISTINCT FROM 'spend') EXECUTE FUNCTION pools_guard();

-- A pool starts empty.
CREATE TRIGGER pools_start_empty BEFORE INSERT ON pools
  FOR EACH ROW EXECUTE FUNCTION pools_start_empty();

-- A pool has a number of its own in its team.
CREATE TRIGGER pools_take_number BEFORE INSERT ON pools
  FOR EACH ROW EXECUTE FUNCTION pools_take_number();

-- Purchases are kept for good.
CREATE TRIGGER purchases_are_kept BEFORE DELETE ON purchases
  FOR EACH ROW EXECUTE FUNCTION purchases_refuse_delete();

-- At commit, a payment's refunds and disputes have taken back exactly what they claim, and none waits for a purchase
-- that is credited.
CREATE CONSTRAINT TRIGGER purchases_equal_clawbacks AFTER INSERT OR UPDATE ON purchases
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.status = 'succeeded') EXECUTE FUNCTION clawbacks_check_row();

-- A settled purchase stays settled, and what was asked never changes.
CREATE TRIGGER purchases_no_regress BEFORE UPDATE ON purchases
  FOR EACH ROW EXECUTE FUNCTION purchases_refuse_regress();

-- Auto top-ups stay within their limits, whoever decided on them.
CREATE TRIGGER purchases_no_runaway BEFORE INSERT ON purchases
  FOR EACH ROW WHEN (NEW.kind = 'auto_top_up' AND NEW.status = 'created') EXECUTE FUNCTION purchases_refuse_runaway();

-- Purchases are kept for good.
CREATE TRIGGER purchases_no_truncate BEFORE TRUNCATE ON purchases
  FOR EACH STATEMENT EXECUTE FUNCTION purchases_refuse_delete();

-- At commit, a purchase that succeeded has its credits in the ledger, to the nano.
CREATE CONSTRAINT TRIGGER purchases_success_is_credited AFTER INSERT OR UPDATE ON purchases
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
  WHEN (NEW.status = 'succeeded') EXECUTE FUNCTION purchases_check_credit();

-- Refunds are kept for good.
CREATE TRIGGER refunds_are_kept BEFORE DELETE ON refunds
  FOR EACH ROW EXECUTE FUNCTION clawbacks_refuse_change();

-- At commit, a payment's refunds and disputes have taken back exactly what they claim.
CREATE CONSTRAINT TRIGGER refunds_equal_clawbacks AFTER INSERT OR UPDATE ON refunds
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION clawbacks_check_row();

-- An earlier reading of a refund never overwrites a later one.
CREATE TRIGGER refunds_no_regress BEFORE UPDATE ON refunds
  FOR EACH ROW EXECUTE FUNCTION refunds_refuse_regress();

-- Refunds are kept for good.
CREATE TRIGGER refunds_no_truncate BEFORE TRUNCATE ON refunds
  FOR EACH STATEMENT EXECUTE FUNCTION clawbacks_refuse_change();

-- At commit, each version of the cap has a change that says who made it.
CREATE CONSTRAINT TRIGGER spend_caps_are_audited AFTER UPDATE ON spend_caps
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION auto_top_up_check_change();

-- The cap changes only together with its version.
CREATE TRIGGER spend_caps_change_by_version BEFORE UPDATE ON spend_caps
  FOR EACH ROW
  WHEN (OLD.cap_nanos IS DISTINCT FROM NEW.cap_nanos AND NEW.version <> OLD.version + 1)
  EXECUTE FUNCTION auto_top_up_refuse_silent_change();

-- At commit, the cap allows what each auto top-up adds at once, or nothing at all.
CREATE CONSTRAINT TRIGGER spend_caps_fit_amounts AFTER UPDATE OF cap_nanos ON spend_caps
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION auto_top_up_fits_cap();

-- A team has a spend cap from its beginning.
CREATE TRIGGER teams_begin_with_a_cap AFTER INSERT ON teams
  FOR EACH ROW EXECUTE FUNCTION teams_begin_with_a_cap();

-- A team's plan, threshold, anchor and end hold from the next request.
CREATE TRIGGER teams_change_metering BEFORE UPDATE ON teams
  FOR EACH ROW
  WHEN ((OLD.plan, OLD.low_balance_threshold_nanos, OLD.period_anchor, OLD.deleted_at)
    IS DISTINCT FROM (NEW.plan, NEW.low_balance_threshold_nanos, NEW.period_anchor, NEW.deleted_at))
  EXECUTE FUNCTION teams_change_metering();

-- Lets only the functions of the ledger write daily totals.
CREATE TRIGGER usage_days_by_ledger BEFORE INSERT OR UPDATE OR DELETE ON usage_days
  FOR EACH STATEMENT
  WHEN (coalesce(current_setting('ledger.writer', true), '') = '') EXECUTE FUNCTION ledger_refuse_writer();
