-- Rearms a pool after a capture, which gives back what the run didn't need and takes the rest: only both together are
-- a rise.
CREATE OR REPLACE FUNCTION ledger_note_rise(p_team uuid, p_pool uuid) RETURNS void
LANGUAGE plpgsql SET ledger.writer = 'note' AS $$
BEGIN
  PERFORM ledger_rearm(p_team, p_pool);
END $$;
