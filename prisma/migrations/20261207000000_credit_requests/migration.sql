-- What Members ask for, and what became of it.
CREATE TABLE credit_requests (
  team_id uuid NOT NULL REFERENCES teams,
  id uuid NOT NULL DEFAULT uuidv7(),
  member_id uuid NOT NULL,
  status text NOT NULL DEFAULT 'open' CHECK (status IN ('open', 'approved', 'declined', 'withdrawn')),
  amount_nanos bigint NOT NULL CHECK (amount_nanos > 0),
  reason text NOT NULL CHECK (length(reason) BETWEEN 1 AND 200),
  -- Counts from 1. Whoever is told is told of each version.
  version integer NOT NULL DEFAULT 1 CHECK (version > 0),
  created_at timestamptz NOT NULL DEFAULT now(),
  changed_at timestamptz NOT NULL DEFAULT now(),
  ended_at timestamptz,
  -- Null for one that its Member withdrew, or that ended when they left.
  answered_by_member_id uuid,
  granted_nanos bigint CHECK (granted_nanos > 0),
  transfer_id uuid,
  -- What the person who declined it wrote.
  word text CHECK (length(word) BETWEEN 1 AND 200),
  PRIMARY KEY (team_id, id),
  FOREIGN KEY (team_id, member_id) REFERENCES members (team_id, id),
  FOREIGN KEY (team_id, answered_by_member_id) REFERENCES members (team_id, id),
  FOREIGN KEY (team_id, transfer_id) REFERENCES transfers (team_id, id),
  CONSTRAINT credit_requests_once_per_transfer UNIQUE (team_id, transfer_id),
  CONSTRAINT credit_requests_end_once CHECK ((status = 'open') = (ended_at IS NULL)),
  CONSTRAINT credit_requests_answered_by_somebody
    CHECK ((status IN ('approved', 'declined')) = (answered_by_member_id IS NOT NULL)),
  CONSTRAINT credit_requests_approved_by_a_transfer
    CHECK ((status = 'approved') = (transfer_id IS NOT NULL) AND (transfer_id IS NULL) = (granted_nanos IS NULL)),
  CONSTRAINT credit_requests_words_decline CHECK (word IS NULL OR status = 'declined')
);
CREATE UNIQUE INDEX credit_requests_one_open_per_member ON credit_requests (team_id, member_id) WHERE status = 'open';
CREATE INDEX credit_requests_open_idx ON credit_requests (team_id, id) WHERE status = 'open';
-- A Member's last one.
CREATE INDEX credit_requests_of_member_idx ON credit_requests (team_id, member_id, id);
