-- The spending of one limit in one of ledger_spend's pools, which is its place from 1. A hold had set aside the covered part.
CREATE TYPE spend_limit AS (pool integer, id uuid, amount_nanos bigint, covered_nanos bigint);
