-- A pool that ledger_spend writes in: the revision that the spend was planned on, and what is then told of its balance.
CREATE TYPE spend_pool AS (id uuid, revision bigint, is_low boolean, is_depleted boolean);
