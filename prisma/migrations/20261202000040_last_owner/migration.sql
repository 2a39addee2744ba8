-- A team has an Owner for as long as it exists: nobody else could give the role back. Looked at when the transaction ends,
-- so that an Owner can hand over to somebody else. That there is one at most, an index holds already.
CREATE FUNCTION members_keep_an_owner() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM teams WHERE id = old.team_id AND deleted_at IS NULL) AND NOT EXISTS (
    SELECT 1 FROM members WHERE team_id = old.team_id AND role = 'OWNER' AND removed_at IS NULL
  ) THEN
    RAISE EXCEPTION 'team % would have no Owner', old.team_id
      USING ERRCODE = 'restrict_violation', CONSTRAINT = 'members_keep_an_owner';
  END IF;
  RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER members_keep_an_owner
  AFTER UPDATE OF role, removed_at, team_id OR DELETE ON members
  DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW
  WHEN (old.role = 'OWNER' AND old.removed_at IS NULL)
  EXECUTE FUNCTION members_keep_an_owner();
