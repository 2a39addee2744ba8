-- Returns up to where spends count against a limit without looking at it: short of the next figure that people are told
-- of (80%, then all of it), and from there to a hard limit itself. Null: a soft limit stops nobody then.
CREATE OR REPLACE FUNCTION spend_limit_stop(p_amount bigint, p_is_hard boolean, p_told smallint) RETURNS bigint
LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE
    WHEN p_told < 80 THEN ceil(p_amount::numeric * 80 / 100)::bigint - 1
    WHEN p_told < 100 THEN p_amount - 1
    WHEN p_is_hard THEN p_amount
  END
$$;
