-- What people are told, once for each cause, and how it reaches them. lib/notifications/README.md says how.

CREATE TABLE notifications (
  team_id uuid NOT NULL REFERENCES teams,
  id uuid NOT NULL DEFAULT uuidv7(),
  type text NOT NULL,
  pool_id uuid,
  -- What it tells of: a purchase, a crossing at a revision of the pool, a dispute.
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

-- Only what differs from the default.
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
  -- skipped: whoever it was for has left, may not read it any more, or has silenced it meanwhile. refused: by the mail server,
  -- for good.
  status text NOT NULL DEFAULT 'waiting' CHECK (status IN ('waiting', 'sent', 'skipped', 'refused')),
  settled_at timestamptz,
  PRIMARY KEY (team_id, notification_id, member_id),
  FOREIGN KEY (team_id, notification_id) REFERENCES notifications (team_id, id) ON DELETE CASCADE,
  FOREIGN KEY (team_id, member_id) REFERENCES members (team_id, id),
  CONSTRAINT notification_mails_settled CHECK ((status = 'waiting') = (settled_at IS NULL))
);

-- Whether a pool's next fall is worth telling. A balance that flaps around its threshold is told once: it is armed again only
-- when the balance has recovered by more than a little.
CREATE TABLE balance_alarms (
  team_id uuid NOT NULL,
  pool_id uuid NOT NULL,
  crossing text NOT NULL CHECK (crossing IN ('low', 'depleted')),
  is_armed boolean NOT NULL,
  PRIMARY KEY (team_id, pool_id, crossing),
  FOREIGN KEY (team_id, pool_id) REFERENCES pools (team_id, id)
);

CREATE OR REPLACE FUNCTION ledger_rearm(p_team uuid, p_pool uuid) RETURNS void LANGUAGE sql AS $$
  UPDATE pools p SET
    is_low = p.is_low AND p.credits_nanos <= low_balance_threshold(p_team, p_pool),
    is_depleted = p.is_depleted AND p.credits_nanos + p.included_nanos < 10000000
  WHERE p.team_id = p_team AND p.id = p_pool
    AND ((p.is_low AND p.credits_nanos > low_balance_threshold(p_team, p_pool))
      OR (p.is_depleted AND p.credits_nanos + p.included_nanos >= 10000000));
  -- A tenth more than the threshold, and a dollar at least.
  UPDATE balance_alarms a SET is_armed = true FROM pools p
  WHERE a.team_id = p_team AND a.pool_id = p_pool AND NOT a.is_armed AND p.team_id = p_team AND p.id = p_pool
    AND CASE a.crossing
      WHEN 'low' THEN p.credits_nanos >= low_balance_threshold(p_team, p_pool)
        + greatest(low_balance_threshold(p_team, p_pool) / 10, 1000000000)
      ELSE p.credits_nanos + p.included_nanos >= 1000000000 END
$$;
