-- Notes that a pool has become low or was used up other than by a spend, and returns what is new, for the caller to
-- tell.
CREATE OR REPLACE FUNCTION ledger_note_fall(p_team uuid, p_pool uuid, OUT crossings text[], OUT revision bigint)
LANGUAGE plpgsql SET ledger.writer = 'note' AS $$
DECLARE
  pool record;
BEGIN
  SELECT p.revision, p.is_low, p.is_depleted, pool_available(p) <= low_balance_threshold(p_team, p_pool) AS falls_low,
      p.credits_nanos + p.included_nanos < nanos_per_cent() AS falls_empty
    INTO STRICT pool FROM pools p WHERE p.team_id = p_team AND p.id = p_pool;
  revision := pool.revision;
  crossings := array_remove(ARRAY[
    CASE WHEN pool.falls_low AND NOT pool.is_low THEN 'low' END,
    CASE WHEN pool.falls_empty AND NOT pool.is_depleted THEN 'depleted' END
  ], NULL);
  IF cardinality(crossings) > 0 THEN
    UPDATE pools p SET revision = p.revision + 1,
        is_low = p.is_low OR pool.falls_low, is_depleted = p.is_depleted OR pool.falls_empty
      WHERE p.team_id = p_team AND p.id = p_pool;
  END IF;
END $$;
