-- People asked into a team by mail. A link works once, for its own address only.
CREATE TABLE invitations (
  team_id uuid NOT NULL REFERENCES teams,
  id uuid NOT NULL DEFAULT uuidv7(),
  -- Normalised, as addresses of people are.
  email text NOT NULL CONSTRAINT invitations_email_length CHECK (length(email) BETWEEN 3 AND 254),
  role role NOT NULL CONSTRAINT invitations_never_make_an_owner CHECK (role <> 'OWNER'),
  -- Each mail has a token of its own, and only the last one works.
  mails integer NOT NULL DEFAULT 1 CHECK (mails > 0),
  token_hash text NOT NULL,
  invited_by_member_id uuid NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  sent_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL,
  accepted_at timestamptz,
  accepted_by_member_id uuid,
  revoked_at timestamptz,
  PRIMARY KEY (team_id, id),
  FOREIGN KEY (team_id, invited_by_member_id) REFERENCES members (team_id, id),
  FOREIGN KEY (team_id, accepted_by_member_id) REFERENCES members (team_id, id),
  CONSTRAINT invitations_once_per_token UNIQUE (team_id, token_hash),
  CONSTRAINT invitations_end_once CHECK (accepted_at IS NULL OR revoked_at IS NULL),
  CONSTRAINT invitations_accepted_by_somebody CHECK ((accepted_at IS NULL) = (accepted_by_member_id IS NULL))
);
CREATE UNIQUE INDEX invitations_one_open_per_address ON invitations (team_id, email)
  WHERE accepted_at IS NULL AND revoked_at IS NULL;
CREATE INDEX invitations_open_idx ON invitations (team_id, id) WHERE accepted_at IS NULL AND revoked_at IS NULL;

-- Mail domains whose people may join as Members without being invited.
CREATE TABLE team_domains (
  team_id uuid NOT NULL REFERENCES teams,
  domain text NOT NULL CONSTRAINT team_domains_normalised CHECK (domain = lower(domain) AND length(domain) BETWEEN 3 AND 253),
  added_by_member_id uuid NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (team_id, domain),
  FOREIGN KEY (team_id, added_by_member_id) REFERENCES members (team_id, id)
);
-- Which teams a person may join is asked before the team is known.
CREATE INDEX team_domains_domain_idx ON team_domains (domain);
