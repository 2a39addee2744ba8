-- Stripe against the ledger: what was compared, and what doesn't fit.

CREATE TYPE reconciliation_trigger AS ENUM ('scheduled', 'manual', 'command');
CREATE TYPE reconciliation_status AS ENUM ('waiting', 'running', 'finished', 'failed');

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

-- What a team has at Stripe and in the ledger that doesn't fit and that no rule repairs: a person must look. Captured
-- money of nobody's is in parked_payments.
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

-- Which of our payments a run has seen at Stripe, so that it needn't remember them itself. It may be lost in a crash:
-- then each is asked for by its id.
CREATE UNLOGGED TABLE reconciliation_seen (
  team_id uuid NOT NULL,
  run_id uuid NOT NULL,
  object_id text NOT NULL,
  PRIMARY KEY (team_id, run_id, object_id)
);

CREATE INDEX purchases_succeeded_idx ON purchases (created_at) WHERE status = 'succeeded';
CREATE INDEX purchases_unsettled_idx ON purchases (created_at) WHERE status IN ('open', 'processing');
