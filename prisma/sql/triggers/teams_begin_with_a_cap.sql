-- A team has a spend cap from its beginning.
CREATE TRIGGER teams_begin_with_a_cap AFTER INSERT ON teams
  FOR EACH ROW EXECUTE FUNCTION teams_begin_with_a_cap();
