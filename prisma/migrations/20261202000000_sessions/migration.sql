-- A session ends 30 days after it was last used, and 90 days after it began: `expires_at` is the earlier of the two.
ALTER TABLE sessions
  -- What its person names it by; the hash of its token stays inside.
  ADD COLUMN id uuid NOT NULL DEFAULT uuidv7(),
  -- Written once a day.
  ADD COLUMN last_used_at timestamptz NOT NULL DEFAULT now(),
  -- What the browser said of itself when the session began, for its person to recognise it by.
  ADD COLUMN user_agent text CHECK (length(user_agent) <= 400);

CREATE UNIQUE INDEX sessions_id_key ON sessions (id);

UPDATE sessions SET last_used_at = created_at, expires_at = least(expires_at, created_at + interval '2160 hours');
ALTER TABLE sessions
  ADD CONSTRAINT sessions_absolute_life_check CHECK (expires_at - created_at <= interval '90 days');
