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
  expires_at timestamptz NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX sessions_user_id_idx ON sessions (user_id);

CREATE TABLE verification_tokens (
  identifier text NOT NULL,
  token_hash text NOT NULL,
  expires_at timestamptz NOT NULL,
  PRIMARY KEY (identifier, token_hash)
);

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

-- Teams and their people.

CREATE TYPE role AS ENUM ('OWNER', 'ADMIN', 'MEMBER');
CREATE TYPE plan AS ENUM ('free', 'build', 'max', 'business', 'enterprise');

CREATE TABLE teams (
  id uuid PRIMARY KEY DEFAULT uuidv7(),
  slug text NOT NULL UNIQUE CHECK (slug ~ '^[a-z0-9][a-z0-9-]{1,47}$'),
  name text NOT NULL CHECK (length(name) BETWEEN 1 AND 120),
  plan plan NOT NULL DEFAULT 'free',
  low_balance_threshold_nanos bigint NOT NULL DEFAULT 5000000000 CHECK (low_balance_threshold_nanos >= 0),
  created_at timestamptz NOT NULL DEFAULT now(),
  deleted_at timestamptz
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
  name text NOT NULL,
  key_hash text NOT NULL,
  last4 text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  revoked_at timestamptz,
  PRIMARY KEY (team_id, id),
  UNIQUE (team_id, key_hash)
);
