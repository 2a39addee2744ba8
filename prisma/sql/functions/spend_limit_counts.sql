-- Returns whether usage by this meter counts against a limit: a member's or a key's own usage, and for the Owner's
-- protection what keys, schedules and products without a known person start.
CREATE OR REPLACE FUNCTION spend_limit_counts(l spend_limits, m meters) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE l.kind
    WHEN 'member' THEN coalesce(l.member_id = m.member_id, false)
    WHEN 'api_key' THEN coalesce(l.api_key_id = m.api_key_id, false)
    ELSE m.trigger IN ('api_key', 'schedule') OR (m.trigger = 'integration' AND m.member_id IS NULL)
  END
$$;
