-- Takes a turn for an endpoint and returns null. Takes none if the endpoint, or as many others of its team, have one
-- already, and returns when the first of them ends by itself.
CREATE OR REPLACE FUNCTION take_webhook_turn(
  of_team uuid, of_endpoint uuid, turn_id uuid, taken_at timestamptz, until_at timestamptz, most integer
) RETURNS timestamptz LANGUAGE plpgsql AS $$
DECLARE
  taken integer;
  first_ends_at timestamptz;
  own_ends_at timestamptz;
BEGIN
  -- Turns are taken one after the other, so that the count holds. Whoever ends a turn takes this lock too.
  PERFORM pg_advisory_xact_lock(hashtextextended('webhook-turns:' || of_team, 0));
  DELETE FROM webhook_turns WHERE team_id = of_team AND ends_at <= taken_at;
  SELECT count(*), min(ends_at), max(ends_at) FILTER (WHERE endpoint_id = of_endpoint)
    INTO taken, first_ends_at, own_ends_at FROM webhook_turns WHERE team_id = of_team;
  IF own_ends_at IS NOT NULL THEN
    RETURN own_ends_at;
  END IF;
  IF taken >= most THEN
    RETURN first_ends_at;
  END IF;
  INSERT INTO webhook_turns (team_id, endpoint_id, id, ends_at) VALUES (of_team, of_endpoint, turn_id, until_at);
  RETURN NULL;
END $$;
