-- Returns what a pool can still pay with, in nanos.
CREATE OR REPLACE FUNCTION pool_available(p pools) RETURNS bigint LANGUAGE sql IMMUTABLE AS $$
  SELECT p.included_nanos + p.credits_nanos - p.held_nanos
$$;
