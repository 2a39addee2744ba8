-- Reverses a usage record, or this quantity of it, as if it had been reported without: the pool keeps what the rest costs,
-- and the difference goes back to the grants that paid, the last one drawn first. Credits repay debt first. Included and
-- given credits whose time is over expire again at once, and what an unpaid period withholds gets what comes back to it.
-- Of a withheld allowance p_kept stays usable. Refuses to reverse more than is left of the record. Never makes a pool due.
CREATE OR REPLACE FUNCTION ledger_reverse_usage(
  p_team uuid, p_id uuid, p_pool uuid, p_usage_key bigint, p_quantity bigint, p_kept bigint,
  p_request_key text, p_request_print text, p_reason text, p_api_key uuid, p_now timestamptz
) RETURNS usage_reversals LANGUAGE plpgsql SET ledger.writer = 'reverse' AS $$
DECLARE
  pool pools;
  used entries;
  meter meters;
  withheld period_withholdings;
  part record;
  made usage_reversals;
  parts usage_reversal_parts[] := '{}';
  back usage_reversal_parts;
  charged bigint;
  kept_before bigint;
  kept_after bigint;
  is_withheld boolean;
  withheld_back bigint := 0;
  place bigint;
BEGIN
  SELECT * INTO STRICT pool FROM pools WHERE team_id = p_team AND id = p_pool FOR NO KEY UPDATE;
  SELECT * INTO STRICT used FROM entries e
    WHERE e.team_id = p_team AND e.usage_key = p_usage_key AND e.pool_no = pool.no AND e.meter_no IS NOT NULL;
  SELECT * INTO STRICT meter FROM meters m WHERE m.team_id = p_team AND m.no = used.meter_no;
  PERFORM ledger_expire(p_team, p_pool, p_now);
  SELECT * INTO pool FROM pools WHERE team_id = p_team AND id = p_pool;
  IF pool.period_ends_at > p_now THEN
    SELECT * INTO withheld FROM period_withholdings w WHERE w.team_id = p_team AND w.pool_id = p_pool
      AND w.period_starts_at = pool.period_starts_at AND w.returned_at IS NULL;
  END IF;

  made.quantity_before := coalesce((
    SELECT min(r.quantity_before - r.quantity) FROM usage_reversals r
    WHERE r.team_id = p_team AND r.usage_key = p_usage_key), used.quantity);
  IF p_quantity < 1 OR p_quantity > made.quantity_before THEN
    RAISE EXCEPTION 'of a usage record % is left, not %', made.quantity_before, p_quantity
      USING ERRCODE = 'check_violation', CONSTRAINT = 'usage_reversals_at_most_the_record';
  END IF;
  -- A capture charges less than the price where the pool held less.
  SELECT -sum_nanos(e.amount_nanos) INTO charged FROM entries e WHERE e.team_id = p_team AND e.pool_no = pool.no
    AND e.bucket IN ('included', 'credits') AND e.seq BETWEEN used.seq AND used.seq + coalesce(used.pieces, 1) - 1;
  kept_before := least(charged, meter_cost(meter, made.quantity_before, coalesce(used.allowance_quantity, 0)));
  kept_after := least(charged, meter_cost(meter, made.quantity_before - p_quantity, coalesce(used.allowance_quantity, 0)));

  made.included_nanos := 0; made.credits_nanos := 0; made.repaid_nanos := 0; made.expired_nanos := 0;
  FOR part IN
    SELECT * FROM ledger_usage_payments(pool, used, charged - kept_before, charged - kept_after)
  LOOP
    back := ROW (p_team, p_id, part.no, part.nanos, 0, 0);
    IF part.kind = 'included' THEN
      made.included_nanos := made.included_nanos + part.nanos;
    ELSE
      made.credits_nanos := made.credits_nanos + part.nanos;
      back.repaid_nanos := least(pool.debt_nanos, part.nanos);
      pool.debt_nanos := pool.debt_nanos - back.repaid_nanos;
    END IF;
    is_withheld := part.kind = 'included' AND withheld.id IS NOT NULL AND (NOT withheld.only_raised
      OR EXISTS (SELECT 1 FROM plan_changes c WHERE c.team_id = p_team AND c.id = part.cause_id));
    IF part.starts_at <> pool.period_starts_at OR part.expires_at <= p_now THEN
      back.expired_nanos := part.nanos - back.repaid_nanos;
    ELSIF is_withheld THEN
      back.expired_nanos := part.nanos;
      withheld_back := withheld_back + part.nanos;
    ELSE
      UPDATE grants g SET remaining_nanos = g.remaining_nanos + part.nanos - back.repaid_nanos,
          is_open = g.remaining_nanos + part.nanos - back.repaid_nanos > 0
        WHERE g.team_id = p_team AND g.id = part.id;
    END IF;
    made.repaid_nanos := made.repaid_nanos + back.repaid_nanos;
    made.expired_nanos := made.expired_nanos + back.expired_nanos;
    parts := parts || back;
  END LOOP;

  made.allowance_quantity := least(made.quantity_before, coalesce(used.allowance_quantity, 0))
    - least(made.quantity_before - p_quantity, coalesce(used.allowance_quantity, 0));
  made.allowance_expired := made.allowance_quantity - ledger_return_allowance(
    pool, withheld, meter.consumable, made.allowance_quantity, p_kept, used.created_at, p_now);
  IF withheld_back > 0 THEN
    UPDATE period_withholdings w SET included_nanos = w.included_nanos + withheld_back, taken_nanos = w.taken_nanos + withheld_back
      WHERE w.team_id = p_team AND w.id = withheld.id;
  END IF;

  place := pool.last_seq;
  FOR part IN
    SELECT * FROM (
      SELECT 1 AS turn, 'included'::bucket AS bucket, 'consumption_reversal'::entry_kind AS kind, made.included_nanos AS nanos,
        p_id AS cause_id, NULL::integer AS grant_no, meter.consumable AS detail
      UNION ALL SELECT 2, 'credits', 'consumption_reversal', made.credits_nanos, p_id, NULL, meter.consumable
      UNION ALL SELECT 2 + g.no, CASE g.kind WHEN 'included' THEN 'included'::bucket ELSE 'credits' END, 'expiry', -b.expired_nanos,
        ledger_expiry_cause(p_team, g.id), g.no, NULL
      FROM unnest(parts) b JOIN grants g ON g.team_id = p_team AND g.pool_id = p_pool AND g.no = b.grant_no
    ) moves WHERE nanos <> 0 ORDER BY turn
  LOOP
    place := place + 1;
    IF part.bucket = 'included' THEN
      pool.included_nanos := pool.included_nanos + part.nanos;
    ELSE
      pool.credits_nanos := pool.credits_nanos + part.nanos;
    END IF;
    INSERT INTO entries (
      team_id, pool_no, seq, bucket, kind, amount_nanos, balance_after_nanos,
      created_at, cause_id, grant_no, detail
    )
      VALUES (
        p_team, pool.no, place, part.bucket, part.kind, part.nanos,
        CASE part.bucket WHEN 'included' THEN pool.included_nanos ELSE pool.credits_nanos END,
        p_now, part.cause_id, part.grant_no, part.detail
      );
  END LOOP;
  UPDATE pools p SET last_seq = place, revision = p.revision + 1, included_nanos = pool.included_nanos,
      credits_nanos = pool.credits_nanos, debt_nanos = pool.debt_nanos, withheld_nanos = p.withheld_nanos + withheld_back,
      lifetime_spent_nanos = p.lifetime_spent_nanos - made.credits_nanos
    WHERE p.team_id = p_team AND p.id = p_pool RETURNING * INTO pool;

  UPDATE usage_days d SET quantity = d.quantity - p_quantity,
      allowance_quantity = d.allowance_quantity - made.allowance_quantity,
      included_nanos = d.included_nanos - made.included_nanos, credits_nanos = d.credits_nanos - made.credits_nanos
    WHERE d.team_id = p_team AND d.pool_id = p_pool AND d.meter_no = meter.no
      AND d.day = (used.occurred_at AT TIME ZONE 'UTC')::date;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'usage that is reversed counts on no day' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  PERFORM ledger_uncount_usage(meter, used.created_at, used.occurred_at, kept_before - kept_after);

  INSERT INTO usage_reversals (
    team_id, id, pool_id, usage_key, meter_no, quantity_before, quantity, allowance_quantity, allowance_expired,
    included_nanos, credits_nanos, repaid_nanos, expired_nanos, balance_nanos, available_nanos,
    request_key, request_print, reason, api_key_id, created_at
  )
    VALUES (
      p_team, p_id, p_pool, p_usage_key, meter.no, made.quantity_before, p_quantity, made.allowance_quantity,
      made.allowance_expired, made.included_nanos, made.credits_nanos, made.repaid_nanos, made.expired_nanos,
      pool.credits_nanos, pool_available(pool), p_request_key, p_request_print, p_reason, p_api_key, p_now
    ) RETURNING * INTO made;
  INSERT INTO usage_reversal_parts SELECT * FROM unnest(parts);
  PERFORM ledger_rearm(p_team, p_pool);
  RETURN made;
END $$;
