-- Adds credits to a pool: one grant, one entry. Debt is repaid first. A cause that was already credited changes
-- nothing and returns what it returned then.
CREATE OR REPLACE FUNCTION ledger_credit(
  p_team uuid, p_pool uuid, p_kind entry_kind, p_grant_kind grant_kind, p_priority smallint,
  p_amount bigint, p_cause uuid, p_occurred_at timestamptz, p_expires_at timestamptz, p_detail text,
  OUT seq bigint, OUT balance_after_nanos bigint, OUT replayed boolean
) LANGUAGE plpgsql SET ledger.writer = 'credit' AS $$
DECLARE
  pool pools;
  target bucket := CASE WHEN p_grant_kind = 'included' THEN 'included' ELSE 'credits' END;
  repaid bigint := 0;
  known entries;
BEGIN
  SELECT * INTO STRICT pool FROM pools WHERE team_id = p_team AND id = p_pool FOR NO KEY UPDATE;

  -- A transfer's other entry has the same cause and takes.
  SELECT * INTO known FROM entries e
    WHERE e.team_id = p_team AND e.cause_id = p_cause AND e.kind = p_kind AND e.bucket = target AND e.amount_nanos > 0;
  IF FOUND THEN
    IF known.pool_no <> pool.no OR known.amount_nanos <> p_amount THEN
      RAISE EXCEPTION 'cause % was credited with another pool or amount', p_cause USING ERRCODE = 'unique_violation';
    END IF;
    seq := known.seq; balance_after_nanos := known.balance_after_nanos; replayed := true;
    RETURN;
  END IF;

  seq := pool.last_seq + 1;
  balance_after_nanos := p_amount + CASE target WHEN 'included' THEN pool.included_nanos ELSE pool.credits_nanos END;
  replayed := false;
  IF target = 'credits' THEN repaid := least(pool.debt_nanos, p_amount); END IF;
  INSERT INTO entries (
    team_id, pool_no, seq, bucket, kind, amount_nanos, balance_after_nanos,
    cause_id, grant_no, detail, reported_at
  )
    VALUES (
      p_team, pool.no, seq, target, p_kind, p_amount, balance_after_nanos,
      p_cause, pool.last_grant_no + 1, p_detail, p_occurred_at
    );
  INSERT INTO grants (team_id, pool_id, no, kind, priority, original_nanos, remaining_nanos, is_open, cause_id, expires_at)
    VALUES (
      p_team, p_pool, pool.last_grant_no + 1, p_grant_kind, p_priority,
      p_amount, p_amount - repaid, p_amount > repaid, p_cause, p_expires_at
    );
  UPDATE pools p SET
    last_seq = p.last_seq + 1, revision = p.revision + 1, last_grant_no = p.last_grant_no + 1,
    debt_nanos = p.debt_nanos - repaid,
    included_nanos = p.included_nanos + CASE target WHEN 'included' THEN p_amount ELSE 0 END,
    credits_nanos = p.credits_nanos + CASE target WHEN 'credits' THEN p_amount ELSE 0 END,
    lifetime_added_nanos = p.lifetime_added_nanos + CASE WHEN p_kind IN ('purchase', 'auto_top_up') THEN p_amount ELSE 0 END
    WHERE p.team_id = p_team AND p.id = p_pool;
  PERFORM ledger_rearm(p_team, p_pool);
END $$;
