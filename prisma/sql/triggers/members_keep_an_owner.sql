-- At commit, a team that exists has an Owner.
CREATE CONSTRAINT TRIGGER members_keep_an_owner AFTER UPDATE OF role, removed_at, team_id OR DELETE ON members
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
  WHEN (old.role = 'OWNER' AND old.removed_at IS NULL) EXECUTE FUNCTION members_keep_an_owner();
