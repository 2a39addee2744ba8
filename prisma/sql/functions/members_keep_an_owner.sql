-- Refuses to leave a team without an Owner for as long as it exists: nobody else could give the role back. Run at
-- commit, so that an Owner can hand over to somebody else. An index holds that there is one at most.
CREATE OR REPLACE FUNCTION members_keep_an_owner() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM teams WHERE id = old.team_id AND deleted_at IS NULL) AND NOT EXISTS (
    SELECT 1 FROM members WHERE team_id = old.team_id AND role = 'OWNER' AND removed_at IS NULL
  ) THEN
    RAISE EXCEPTION 'team % would have no Owner', old.team_id
      USING ERRCODE = 'restrict_violation', CONSTRAINT = 'members_keep_an_owner';
  END IF;
  RETURN NULL;
END $$;
