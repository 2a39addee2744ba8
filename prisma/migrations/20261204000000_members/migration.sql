ALTER TABLE members
  -- Since when they have been in the team. A person who was removed and came back joined anew.
  ADD COLUMN joined_at timestamptz NOT NULL DEFAULT now(),
  -- Whether the bought credits of a person who has left go to the pool that pays for the team, also those that come back
  -- to their pool later.
  ADD COLUMN moves_credits boolean NOT NULL DEFAULT false,
  ADD CONSTRAINT members_only_the_removed_move_credits CHECK (NOT moves_credits OR removed_at IS NOT NULL);
UPDATE members SET joined_at = created_at;

-- The order of the Members page: the Owner, the Admins, then everybody else by when they came.
CREATE INDEX members_by_role_idx ON members (team_id, role, id) WHERE removed_at IS NULL;
CREATE INDEX members_moving_credits_idx ON members (team_id, id) WHERE moves_credits;
-- What one member has used.
CREATE INDEX meters_of_member_idx ON meters (team_id, member_id) WHERE member_id IS NOT NULL;
CREATE INDEX usage_days_of_meter_idx ON usage_days (team_id, meter_no, day);
