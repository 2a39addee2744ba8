-- Takes credits back: first what is left of the grants of the causes in p_first, then of other paid grants, then of
-- promotions. What none of them holds is debt. Included credits are never touched. What has expired is written off
-- before. A cause that has already taken changes nothing.
CREATE OR REPLACE FUNCTION ledger_take_back(
  p_team uuid, p_pool uuid, p_kind entry_kind, p_amount bigint, p_cause uuid, p_first uuid[],
  p_occurred_at timestamptz, p_detail text, p_now timestamptz,
  OUT seq bigint, OUT balance_after_nanos bigint, OUT debt_made_nanos bigint, OUT replayed boolean
) LANGUAGE plpgsql SET ledger.writer = 'take_back' AS $$
DECLARE
  pool pools;
  lot record;
  drawn bigint;
  known entries;
BEGIN
  IF p_kind NOT IN ('refund', 'dispute') OR p_amount <= 0 THEN
    RAISE EXCEPTION 'only a refund or dispute takes back, and more than nothing' USING ERRCODE = 'invalid_parameter_value';
  END IF;
  SELECT * INTO STRICT pool FROM pools WHERE team_id = p_team AND id = p_pool FOR NO KEY UPDATE;

  SELECT * INTO known FROM entries e
    WHERE e.team_id = p_team AND e.cause_id = p_cause AND e.kind = p_kind AND e.bucket = 'credits';
  IF FOUND THEN
    IF known.pool_no <> pool.no OR known.amount_nanos <> -p_amount THEN
      RAISE EXCEPTION 'cause % took back from another pool, or another amount', p_cause USING ERRCODE = 'unique_violation';
    END IF;
    seq := known.seq; balance_after_nanos := known.balance_after_nanos; debt_made_nanos := 0; replayed := true;
    RETURN;
  END IF;

  PERFORM ledger_expire(p_team, p_pool, p_now);
  debt_made_nanos := p_amount;
  FOR lot IN SELECT g.id, g.remaining_nanos FROM grants g
    WHERE g.team_id = p_team AND g.pool_id = p_pool AND g.is_open AND g.kind <> 'included'
    ORDER BY g.kind = 'promotion', g.cause_id <> ALL (p_first), g.expires_at NULLS LAST, g.id
  LOOP
    EXIT WHEN debt_made_nanos = 0;
    drawn := least(lot.remaining_nanos, debt_made_nanos);
    debt_made_nanos := debt_made_nanos - drawn;
    UPDATE grants g SET remaining_nanos = g.remaining_nanos - drawn, is_open = g.remaining_nanos > drawn
      WHERE g.team_id = p_team AND g.id = lot.id;
  END LOOP;
  UPDATE pools p SET last_seq = p.last_seq + 1, revision = p.revision + 1,
      credits_nanos = p.credits_nanos - p_amount, debt_nanos = p.debt_nanos + debt_made_nanos
    WHERE p.team_id = p_team AND p.id = p_pool RETURNING * INTO pool;
  seq := pool.last_seq; balance_after_nanos := pool.credits_nanos; replayed := false;
  INSERT INTO entries (
    team_id, pool_no, seq, bucket, kind, amount_nanos, balance_after_nanos,
    created_at, cause_id, detail, reported_at
  )
    VALUES (p_team, pool.no, seq, 'credits', p_kind, -p_amount, balance_after_nanos, p_now, p_cause, p_detail, p_occurred_at);
END $$;
