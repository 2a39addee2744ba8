-- Writes off what time has ended: holds that ran out, and what is left of grants that expired. Returns whether there
-- was any.
CREATE OR REPLACE FUNCTION ledger_expire(p_team uuid, p_pool uuid, p_now timestamptz) RETURNS boolean
LANGUAGE plpgsql SET ledger.writer = 'expire' AS $$
DECLARE
  pool pools;
  lot record;
  target bucket;
  balance bigint;
  freed bigint;
  changed boolean := false;
BEGIN
  SELECT * INTO STRICT pool FROM pools WHERE team_id = p_team AND id = p_pool FOR NO KEY UPDATE;

  WITH ended AS (
    UPDATE holds h SET status = 'expired', left_nanos = 0, settled_at = p_now
    WHERE h.team_id = p_team AND h.pool_id = p_pool AND h.status = 'open' AND h.expires_at <= p_now
    RETURNING old.left_nanos
  ) SELECT sum_nanos(left_nanos) INTO freed FROM ended HAVING count(*) > 0;
  IF freed IS NOT NULL THEN
    changed := true;
    UPDATE pools p SET held_nanos = p.held_nanos - freed, revision = p.revision + 1,
        holds_expire_at = (
          SELECT min(h.expires_at) FROM holds h
          WHERE h.team_id = p_team AND h.pool_id = p_pool AND h.status = 'open')
      WHERE p.team_id = p_team AND p.id = p_pool;
  END IF;

  FOR lot IN SELECT g.* FROM grants g
    WHERE g.team_id = p_team AND g.pool_id = p_pool AND g.is_open AND g.expires_at <= p_now
    ORDER BY g.priority, g.expires_at, g.id
  LOOP
    changed := true;
    target := CASE WHEN lot.kind = 'included' THEN 'included' ELSE 'credits' END;
    UPDATE pools p SET last_seq = p.last_seq + 1, revision = p.revision + 1,
        included_nanos = p.included_nanos - CASE target WHEN 'included' THEN lot.remaining_nanos ELSE 0 END,
        credits_nanos = p.credits_nanos - CASE target WHEN 'credits' THEN lot.remaining_nanos ELSE 0 END
      WHERE p.team_id = p_team AND p.id = p_pool RETURNING * INTO pool;
    balance := CASE target WHEN 'included' THEN pool.included_nanos ELSE pool.credits_nanos END;
    INSERT INTO entries (
      team_id, pool_no, seq, bucket, kind, amount_nanos, balance_after_nanos,
      created_at, cause_id, grant_no, reported_at
    )
      VALUES (
        p_team, pool.no, pool.last_seq, target, 'expiry', -lot.remaining_nanos, balance,
        p_now, ledger_expiry_cause(p_team, lot.id), lot.no, lot.expires_at
      );
    UPDATE grants g SET remaining_nanos = 0, is_open = false WHERE g.team_id = p_team AND g.id = lot.id;
  END LOOP;
  IF changed THEN PERFORM ledger_rearm(p_team, p_pool); END IF;
  RETURN changed;
END $$;
