-- Moves bought credits from one pool to another: one transfer, and an entry in each pool whose cause it is. Moves all that
-- can go where p_amount is null, which may be nothing. Promotions and included credits stay, and so does what holds set
-- aside. Refuses to move more than can go. A transfer that was already made changes nothing.
CREATE OR REPLACE FUNCTION ledger_transfer(
  p_team uuid, p_id uuid, p_from uuid, p_to uuid, p_amount bigint, p_reason text, p_made_by uuid,
  p_detail_from text, p_detail_to text, p_now timestamptz,
  OUT moved_nanos bigint, OUT replayed boolean
) LANGUAGE plpgsql SET ledger.writer = 'transfer' AS $$
DECLARE
  pool pools;
  known transfers;
  lot record;
  due bigint;
  drawn bigint;
BEGIN
  IF p_from = p_to OR p_amount <= 0 THEN
    RAISE EXCEPTION 'a transfer moves more than nothing, to another pool' USING ERRCODE = 'invalid_parameter_value';
  END IF;
  PERFORM 1 FROM pools p WHERE p.team_id = p_team AND p.id IN (p_from, p_to) ORDER BY p.id FOR NO KEY UPDATE;

  SELECT * INTO known FROM transfers t WHERE t.team_id = p_team AND t.id = p_id;
  replayed := FOUND;
  IF replayed THEN
    IF (known.from_pool_id, known.to_pool_id) <> (p_from, p_to) OR known.amount_nanos <> coalesce(p_amount, known.amount_nanos) THEN
      RAISE EXCEPTION 'transfer % moved something else', p_id USING ERRCODE = 'unique_violation';
    END IF;
    moved_nanos := known.amount_nanos;
    RETURN;
  END IF;

  PERFORM ledger_expire(p_team, p_from, p_now);
  moved_nanos := coalesce(p_amount, ledger_transferable(p_team, p_from));
  IF moved_nanos > ledger_transferable(p_team, p_from) THEN
    RAISE EXCEPTION 'pool % has less to move than %', p_from, moved_nanos USING ERRCODE = 'check_violation';
  END IF;
  IF moved_nanos = 0 THEN RETURN; END IF;

  INSERT INTO transfers (team_id, id, from_pool_id, to_pool_id, amount_nanos, reason, made_by_member_id, created_at)
    VALUES (p_team, p_id, p_from, p_to, moved_nanos, p_reason, p_made_by, p_now);
  due := moved_nanos;
  FOR lot IN SELECT g.id, g.remaining_nanos FROM grants g
    WHERE g.team_id = p_team AND g.pool_id = p_from AND g.is_open AND g.kind IN ('purchase', 'auto_top_up')
    ORDER BY g.priority, g.expires_at NULLS LAST, g.id
  LOOP
    EXIT WHEN due = 0;
    drawn := least(lot.remaining_nanos, due);
    due := due - drawn;
    UPDATE grants g SET remaining_nanos = g.remaining_nanos - drawn, is_open = g.remaining_nanos > drawn
      WHERE g.team_id = p_team AND g.id = lot.id;
  END LOOP;
  UPDATE pools p SET last_seq = p.last_seq + 1, revision = p.revision + 1, credits_nanos = p.credits_nanos - moved_nanos
    WHERE p.team_id = p_team AND p.id = p_from RETURNING * INTO pool;
  INSERT INTO entries (
    team_id, pool_no, seq, bucket, kind, amount_nanos, balance_after_nanos, created_at, cause_id, detail
  )
    VALUES (
      p_team, pool.no, pool.last_seq, 'credits', 'transfer', -moved_nanos, pool.credits_nanos, p_now, p_id, p_detail_from
    );
  PERFORM ledger_credit(p_team, p_to, 'transfer', 'purchase', 30::smallint, moved_nanos, p_id, p_now, NULL, p_detail_to);
END $$;
