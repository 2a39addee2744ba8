-- Returns whether a pool that was made due still has to be topped up.
CREATE OR REPLACE FUNCTION top_up_is_wanted(s auto_top_up_settings, p_available bigint) RETURNS boolean
LANGUAGE sql IMMUTABLE AS $$
  SELECT s.due_at IS NOT NULL AND (p_available <= s.threshold_nanos OR coalesce(p_available < s.due_needs_nanos, false))
$$;
