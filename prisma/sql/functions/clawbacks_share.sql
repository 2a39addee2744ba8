-- Returns the credits' share of an amount that is claimed of a payment, rounded half up.
-- lib/money-back/decide-moves.ts computes the same.
CREATE OR REPLACE FUNCTION clawbacks_share(p_claimed bigint, p_captured bigint, p_paid bigint) RETURNS bigint
LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE WHEN coalesce(p_captured, 0) >= p_paid THEN p_claimed
    ELSE div(2 * p_claimed::numeric * p_captured + p_paid, 2 * p_paid::numeric)::bigint END
$$;
