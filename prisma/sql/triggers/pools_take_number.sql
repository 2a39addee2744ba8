-- A pool has a number of its own in its team.
CREATE TRIGGER pools_take_number BEFORE INSERT ON pools
  FOR EACH ROW EXECUTE FUNCTION pools_take_number();
