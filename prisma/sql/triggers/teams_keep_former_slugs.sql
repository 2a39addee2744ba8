-- A former address is never given to another team. After the write, because a team that takes an address waits there
-- for one that is giving it up.
CREATE TRIGGER teams_keep_former_slugs AFTER INSERT OR UPDATE OF slug ON teams
  FOR EACH ROW EXECUTE FUNCTION teams_keep_former_slugs();
