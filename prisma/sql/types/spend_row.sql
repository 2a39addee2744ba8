-- An entry that ledger_spend writes: usage, or the part of it that one grant pays. Amounts are negative.
-- pool is the place of its spend_pool, from 1. What names the usage, from usage_key on, is in its first row only.
CREATE TYPE spend_row AS (
  pool integer,
  bucket bucket,
  amount_nanos bigint,
  grant_no integer,
  meter_no integer,
  reported_at timestamptz,
  usage_key bigint,
  usage_print integer,
  quantity bigint,
  pieces smallint,
  allowance_quantity bigint,
  held_nanos bigint,
  metadata jsonb
);
