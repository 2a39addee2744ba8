-- Refuses a reversal of a record that its pool doesn't have, that doesn't go on where the record's others end, that gave
-- back something else than its entries and parts say, or more than a grant had paid for the record.
CREATE OR REPLACE FUNCTION usage_reversals_check_entries() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  used entries;
BEGIN
  SELECT e.* INTO used FROM entries e JOIN pools p ON p.team_id = e.team_id AND p.no = e.pool_no
    WHERE e.team_id = NEW.team_id AND e.usage_key = NEW.usage_key AND p.id = NEW.pool_id AND e.meter_no = NEW.meter_no;
  IF NOT FOUND OR NEW.quantity_before <> used.quantity - (
    SELECT coalesce(sum(r.quantity), 0) FROM usage_reversals r
    WHERE r.team_id = NEW.team_id AND r.usage_key = NEW.usage_key AND r.quantity_before > NEW.quantity_before
  ) THEN
    RAISE EXCEPTION 'reversal % takes back more of a usage record than is left of it', NEW.id
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  IF (NEW.included_nanos, NEW.credits_nanos) IS DISTINCT FROM (
    SELECT (coalesce(sum(e.amount_nanos) FILTER (WHERE e.bucket = 'included'), 0)::bigint,
      coalesce(sum(e.amount_nanos) FILTER (WHERE e.bucket = 'credits'), 0)::bigint)
    FROM entries e WHERE e.team_id = NEW.team_id AND e.cause_id = NEW.id AND e.kind = 'consumption_reversal'
  ) OR (NEW.included_nanos + NEW.credits_nanos, NEW.repaid_nanos, NEW.expired_nanos) IS DISTINCT FROM (
    SELECT (coalesce(sum(b.amount_nanos), 0)::bigint, coalesce(sum(b.repaid_nanos), 0)::bigint,
      coalesce(sum(b.expired_nanos), 0)::bigint)
    FROM usage_reversal_parts b WHERE b.team_id = NEW.team_id AND b.reversal_id = NEW.id
  ) OR EXISTS (
    SELECT 1 FROM usage_reversal_parts own
    WHERE own.team_id = NEW.team_id AND own.reversal_id = NEW.id AND (
      SELECT sum(b.amount_nanos) FROM usage_reversals r
      JOIN usage_reversal_parts b ON b.team_id = r.team_id AND b.reversal_id = r.id AND b.grant_no = own.grant_no
      WHERE r.team_id = NEW.team_id AND r.usage_key = NEW.usage_key
    ) > (
      SELECT coalesce(-sum(e.amount_nanos), 0) FROM entries e
      WHERE e.team_id = NEW.team_id AND e.pool_no = used.pool_no AND e.bucket IN ('included', 'credits')
        AND e.seq BETWEEN used.seq AND used.seq + coalesce(used.pieces, 1) - 1 AND e.grant_no = own.grant_no
    )
  ) THEN
    RAISE EXCEPTION 'reversal % gave back something else than its usage record had taken', NEW.id
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NULL;
END $$;
