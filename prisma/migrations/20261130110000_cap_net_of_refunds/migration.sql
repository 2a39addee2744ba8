-- What was refunded of a top-up frees the cap of the month in which that top-up counts, and counts again if the refund fails.
-- A dispute frees nothing, won or lost: a bank's decision about one charge is no leave to make another.
CREATE OR REPLACE FUNCTION auto_top_up_committed(p_team uuid, p_at timestamptz) RETURNS bigint LANGUAGE sql STABLE AS $$
  SELECT coalesce(sum(CASE WHEN p.status <> 'succeeded' THEN p.amount_nanos ELSE greatest(0, p.captured_nanos - coalesce((
    SELECT sum(r.amount_nanos) FROM refunds r
    WHERE r.team_id = p_team AND r.purchase_id = p.id AND r.status NOT IN ('failed', 'canceled')
  ), 0)) END), 0)::bigint
  FROM purchases p
  WHERE p.team_id = p_team AND p.kind = 'auto_top_up' AND (
    p.status IN ('created', 'open', 'processing')
    OR (p.status = 'succeeded' AND greatest(p.created_at, p.settled_at) >= date_trunc('month', p_at, 'UTC'))
  )
$$;

-- At commit no pool adds more at once than the team's cap allows in a month: it would wait for ever. A cap of nothing is the
-- team's switch for all of its auto top-ups, so it may be set while pools have it on.
CREATE FUNCTION auto_top_up_fits_cap() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  -- Whoever changes the cap and whoever changes an amount meet here.
  PERFORM 1 FROM spend_caps c WHERE c.team_id = NEW.team_id FOR UPDATE;
  IF EXISTS (
    SELECT 1 FROM spend_caps c JOIN auto_top_up_settings s ON s.team_id = c.team_id
    WHERE c.team_id = NEW.team_id AND c.cap_nanos > 0 AND s.enabled AND s.amount_nanos > c.cap_nanos
  ) THEN
    RAISE EXCEPTION 'an auto top-up of team % adds more than the spend cap', NEW.team_id USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER auto_top_up_settings_fit_cap AFTER INSERT OR UPDATE OF enabled, amount_nanos ON auto_top_up_settings
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.enabled) EXECUTE FUNCTION auto_top_up_fits_cap();
CREATE CONSTRAINT TRIGGER spend_caps_fit_amounts AFTER UPDATE OF cap_nanos ON spend_caps
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION auto_top_up_fits_cap();
