-- Returns the cause of an expiry of a grant: the grant itself. One that was written off before and got credits back since
-- expires once more, and a cause moves a bucket once.
CREATE OR REPLACE FUNCTION ledger_expiry_cause(p_team uuid, p_grant uuid) RETURNS uuid LANGUAGE sql AS $$
  SELECT CASE WHEN EXISTS (
    SELECT 1 FROM entries e WHERE e.team_id = p_team AND e.cause_id = p_grant AND e.kind = 'expiry'
  ) THEN uuidv7() ELSE p_grant END
$$;
