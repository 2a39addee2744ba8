-- Returns what a cent is in nanos. Less than that can't be seen, bought or repaid, so it is neither a balance nor a debt.
-- lib/money/usd.ts says the same.
CREATE OR REPLACE FUNCTION nanos_per_cent() RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN 10_000_000;
