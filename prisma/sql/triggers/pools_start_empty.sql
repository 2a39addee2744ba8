-- A pool starts empty.
CREATE TRIGGER pools_start_empty BEFORE INSERT ON pools
  FOR EACH ROW EXECUTE FUNCTION pools_start_empty();
