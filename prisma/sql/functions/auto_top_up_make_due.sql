-- Makes a pool due for a top-up if this cause may, and returns whether it did. Usage and a refusal leave a pool alone
-- that is due already; a person's save and another card after a failure replace the earlier cause.
-- Locks the pool before its settings, as everything does that moves its credits.
CREATE OR REPLACE FUNCTION auto_top_up_make_due(p_team uuid, p_pool uuid, p_cause text, p_needs bigint, p_now timestamptz)
RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
  available bigint;
BEGIN
  SELECT pool_available(p) INTO STRICT available FROM pools p WHERE p.team_id = p_team AND p.id = p_pool FOR NO KEY UPDATE;
  UPDATE auto_top_up_settings s SET due_at = p_now, due_cause = p_cause, due_needs_nanos = p_needs
    WHERE s.team_id = p_team AND s.pool_id = p_pool AND s.enabled AND CASE p_cause
      WHEN 'usage' THEN s.due_at IS NULL AND available <= s.threshold_nanos
      -- One top-up lets the request pass: what no top-up could pay for is refused and charges nothing.
      WHEN 'refusal' THEN s.due_at IS NULL AND available < p_needs AND available + s.amount_nanos >= p_needs
      WHEN 'save' THEN available <= s.threshold_nanos
      -- The same card added again is the same card.
      WHEN 'new_card' THEN s.failed_fingerprint IS NOT NULL AND available <= s.threshold_nanos AND EXISTS (
        SELECT 1 FROM payment_methods m WHERE m.team_id = p_team AND m.is_default
          AND coalesce(m.fingerprint, m.id) <> s.failed_fingerprint)
      ELSE false END;
  RETURN FOUND;
END $$;
