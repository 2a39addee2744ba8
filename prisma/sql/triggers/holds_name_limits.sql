-- A hold counts against the limits that there are when it is opened.
CREATE TRIGGER holds_name_limits BEFORE INSERT ON holds
  FOR EACH ROW EXECUTE FUNCTION holds_name_limits();
