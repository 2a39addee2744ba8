-- The figure above which a second Owner or Admin approves a higher cap or a higher top-up amount. Null: nobody has to.
CREATE TABLE approval_rules (
  team_id uuid PRIMARY KEY REFERENCES teams,
  above_nanos bigint CHECK (above_nanos >= 0 AND above_nanos % nanos_per_cent() = 0),
  version integer NOT NULL DEFAULT 1 CHECK (version > 0),
  updated_at timestamptz NOT NULL
);

-- Changes that wait for a second Owner or Admin, and what became of them.
CREATE TABLE approvals (
  team_id uuid NOT NULL REFERENCES teams,
  id uuid NOT NULL DEFAULT uuidv7(),
  -- The pool whose auto top-up it changes, and perhaps the team's cap. Null: the rule itself.
  pool_id uuid,
  enabled boolean,
  threshold_nanos bigint,
  amount_nanos bigint,
  -- Null: no cap.
  cap_nanos bigint,
  -- The rule's new figure. Null: no rule.
  above_nanos bigint,
  -- The versions that its asker saw. It is applied to these and to no others.
  settings_version integer,
  cap_version integer,
  rule_version integer,
  asked_by_member_id uuid NOT NULL,
  asked_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  status text NOT NULL DEFAULT 'pending',
  answered_by_member_id uuid,
  answered_at timestamptz,
  PRIMARY KEY (team_id, id),
  FOREIGN KEY (team_id, pool_id) REFERENCES pools (team_id, id),
  FOREIGN KEY (team_id, asked_by_member_id) REFERENCES members (team_id, id),
  FOREIGN KEY (team_id, answered_by_member_id) REFERENCES members (team_id, id),
  CONSTRAINT approvals_have_a_status
    CHECK (status IN ('pending', 'approved', 'declined', 'withdrawn', 'expired', 'overtaken')),
  CONSTRAINT approvals_are_answered_or_pending CHECK ((status = 'pending') = (answered_at IS NULL)),
  CONSTRAINT approvals_are_answered_by_somebody_else CHECK (
    status NOT IN ('approved', 'declined')
    OR (answered_by_member_id IS NOT NULL AND answered_by_member_id <> asked_by_member_id)
  ),
  CONSTRAINT approvals_change_one_thing CHECK (
    (pool_id IS NULL) = (enabled IS NULL) AND (pool_id IS NULL) = (threshold_nanos IS NULL)
    AND (pool_id IS NULL) = (amount_nanos IS NULL) AND (pool_id IS NULL) = (settings_version IS NULL)
    AND (pool_id IS NULL) = (cap_version IS NULL) AND (pool_id IS NULL) = (rule_version IS NOT NULL)
    AND (pool_id IS NULL OR above_nanos IS NULL) AND (pool_id IS NOT NULL OR cap_nanos IS NULL)
  )
);
-- One at a time for each pool, and one for the rule.
CREATE UNIQUE INDEX approvals_pending_once ON approvals (team_id, pool_id) NULLS NOT DISTINCT WHERE status = 'pending';
