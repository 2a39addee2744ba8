-- Returns what a US dollar is in nanos. lib/money/usd.ts says the same.
CREATE OR REPLACE FUNCTION nanos_per_usd() RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN 1_000_000_000;
