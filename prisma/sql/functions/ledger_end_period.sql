-- Ends a pool's present billing period early, because another has been paid for: what is left of its included credits
-- expires now. Returns false if no period of the pool goes on after this instant.
CREATE OR REPLACE FUNCTION ledger_end_period(p_team uuid, p_pool uuid, p_at timestamptz, p_now timestamptz) RETURNS boolean
LANGUAGE plpgsql SET ledger.writer = 'period' AS $$
DECLARE
  pool pools;
  lot record;
BEGIN
  SELECT * INTO STRICT pool FROM pools WHERE team_id = p_team AND id = p_pool FOR NO KEY UPDATE;
  IF pool.period_starts_at IS NULL OR p_at <= pool.period_starts_at OR p_at >= pool.period_ends_at THEN RETURN false; END IF;
  PERFORM ledger_expire(p_team, p_pool, p_now);
  FOR lot IN SELECT g.* FROM grants g
    WHERE g.team_id = p_team AND g.pool_id = p_pool AND g.is_open AND g.kind = 'included' ORDER BY g.expires_at, g.id
  LOOP
    UPDATE pools p SET last_seq = p.last_seq + 1, revision = p.revision + 1,
        included_nanos = p.included_nanos - lot.remaining_nanos
      WHERE p.team_id = p_team AND p.id = p_pool RETURNING * INTO pool;
    INSERT INTO entries (
      team_id, pool_no, seq, bucket, kind, amount_nanos, balance_after_nanos,
      created_at, cause_id, grant_no, reported_at
    )
      VALUES (
        p_team, pool.no, pool.last_seq, 'included', 'expiry', -lot.remaining_nanos, pool.included_nanos,
        p_now, ledger_expiry_cause(p_team, lot.id), lot.no, p_at
      );
    UPDATE grants g SET remaining_nanos = 0, is_open = false WHERE g.team_id = p_team AND g.id = lot.id;
  END LOOP;
  UPDATE periods d SET ends_at = p_at
    WHERE d.team_id = p_team AND d.pool_id = p_pool AND d.starts_at = pool.period_starts_at;
  UPDATE pools p SET period_ends_at = p_at, revision = p.revision + 1, withheld_nanos = 0
    WHERE p.team_id = p_team AND p.id = p_pool;
  RETURN true;
END $$;
