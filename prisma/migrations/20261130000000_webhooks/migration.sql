-- Where a team wants to be told by machine.
CREATE TABLE webhook_endpoints (
  team_id uuid NOT NULL REFERENCES teams,
  id uuid NOT NULL,
  url text NOT NULL,
  types text[] NOT NULL CHECK (cardinality(types) > 0),
  -- Encrypted. The one before it signs too until its time is up.
  secret text NOT NULL,
  previous_secret text,
  previous_secret_until timestamptz,
  -- Null: it is sent to.
  disabled_reason text CHECK (disabled_reason IN ('by_hand', 'gone', 'failing')),
  -- Since when nothing has reached it, and how often in a row it was tried in vain.
  failing_since timestamptz,
  failures integer NOT NULL DEFAULT 0,
  -- Nothing is sent before, because it was just found dead.
  resting_until timestamptz,
  created_by_member_id uuid NOT NULL,
  created_at timestamptz NOT NULL,
  deleted_at timestamptz,
  PRIMARY KEY (team_id, id),
  FOREIGN KEY (team_id, created_by_member_id) REFERENCES members (team_id, id),
  CONSTRAINT webhook_endpoints_previous_secret_ends CHECK ((previous_secret IS NULL) = (previous_secret_until IS NULL))
);

CREATE TABLE webhook_deliveries (
  team_id uuid NOT NULL,
  id uuid NOT NULL,
  endpoint_id uuid NOT NULL,
  -- Null: a test event.
  notification_id uuid,
  type text NOT NULL,
  -- As it is sent and signed, each time the same.
  body text NOT NULL CHECK (octet_length(body) <= 20000),
  status text NOT NULL DEFAULT 'waiting' CHECK (status IN ('waiting', 'delivered', 'failed', 'cancelled')),
  tries integer NOT NULL DEFAULT 0,
  next_try_at timestamptz NOT NULL,
  -- A process is trying; if it dies, another may after this time.
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
