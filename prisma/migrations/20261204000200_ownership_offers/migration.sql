-- Ownership of a team on its way from one member to another. It counts once the Owner has confirmed it by mail.
CREATE TABLE ownership_offers (
  team_id uuid NOT NULL REFERENCES teams,
  id uuid NOT NULL DEFAULT uuidv7(),
  from_member_id uuid NOT NULL,
  to_member_id uuid NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  confirmed_at timestamptz,
  -- First for confirming, then for accepting.
  expires_at timestamptz NOT NULL,
  accepted_at timestamptz,
  -- Withdrawn, declined, or replaced by another.
  ended_at timestamptz,
  PRIMARY KEY (team_id, id),
  FOREIGN KEY (team_id, from_member_id) REFERENCES members (team_id, id),
  FOREIGN KEY (team_id, to_member_id) REFERENCES members (team_id, id),
  CONSTRAINT ownership_offers_to_another CHECK (from_member_id <> to_member_id),
  CONSTRAINT ownership_offers_end_once CHECK (accepted_at IS NULL OR ended_at IS NULL),
  CONSTRAINT ownership_offers_accepted_once_confirmed CHECK (accepted_at IS NULL OR confirmed_at IS NOT NULL)
);
CREATE UNIQUE INDEX ownership_offers_one_open ON ownership_offers (team_id) WHERE accepted_at IS NULL AND ended_at IS NULL;
