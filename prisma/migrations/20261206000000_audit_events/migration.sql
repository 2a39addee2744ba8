-- Who did what in a team, written in the transaction of the deed. Names are kept as they were, because the thing or the
-- person may be gone when somebody asks.
CREATE TABLE audit_events (
  team_id uuid NOT NULL REFERENCES teams,
  id uuid NOT NULL DEFAULT uuidv7(),
  kind text NOT NULL CHECK (kind ~ '^[a-z_]+\.[a-z_]+$'),
  actor_kind text NOT NULL,
  member_id uuid,
  api_key_id uuid,
  -- The person's address of that time.
  actor_email text,
  -- Where the request came from. Null when nobody knows.
  address text,
  subject_kind text,
  subject_id text,
  subject_name text,
  before jsonb CHECK (jsonb_typeof(before) = 'object'),
  after jsonb CHECK (jsonb_typeof(after) = 'object'),
  occurred_at timestamptz NOT NULL,
  PRIMARY KEY (team_id, id),
  FOREIGN KEY (team_id, member_id) REFERENCES members (team_id, id),
  FOREIGN KEY (team_id, api_key_id) REFERENCES api_keys (team_id, id),
  CONSTRAINT audit_events_name_their_actor CHECK (
    actor_kind IN ('member', 'api_key', 'system')
    AND (actor_kind = 'member') = (member_id IS NOT NULL)
    AND (actor_kind = 'member') = (actor_email IS NOT NULL)
    AND (actor_kind = 'api_key') = (api_key_id IS NOT NULL)
  ),
  CONSTRAINT audit_events_name_their_subject CHECK (
    (subject_kind IS NULL) = (subject_id IS NULL) AND (subject_kind IS NULL) = (subject_name IS NULL)
  )
);
CREATE INDEX audit_events_page_idx ON audit_events (team_id, occurred_at DESC, id DESC);
CREATE INDEX audit_events_member_idx ON audit_events (team_id, member_id, occurred_at DESC, id DESC);
CREATE INDEX audit_events_kind_idx ON audit_events (team_id, kind, occurred_at DESC, id DESC);

-- Refuses to change or delete what the audit log says.
CREATE OR REPLACE FUNCTION audit_events_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the audit log is append-only' USING ERRCODE = 'restrict_violation';
END $$;

-- An event of the audit log is never changed or deleted.
CREATE TRIGGER audit_events_append_only BEFORE UPDATE OR DELETE ON audit_events
  FOR EACH ROW EXECUTE FUNCTION audit_events_refuse();
-- An event of the audit log is never changed or deleted.
CREATE TRIGGER audit_events_no_truncate BEFORE TRUNCATE ON audit_events
  FOR EACH STATEMENT EXECUTE FUNCTION audit_events_refuse();
