-- The history of the settings is never changed.
CREATE TRIGGER auto_top_up_changes_append_only BEFORE UPDATE OR DELETE ON auto_top_up_changes
  FOR EACH ROW EXECUTE FUNCTION auto_top_up_changes_refuse();
