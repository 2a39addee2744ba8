import { Pool } from "pg"
import { CONNECTIONS } from "../setup/connections"

const MAKE = `
  CREATE TABLE floor_pools (id integer PRIMARY KEY, balance bigint NOT NULL);
  CREATE TABLE floor_entries (
    id uuid PRIMARY KEY DEFAULT uuidv7(), pool_id integer NOT NULL, amount bigint NOT NULL, created_at timestamptz NOT NULL DEFAULT now()
  );
  INSERT INTO floor_pools SELECT n, 1000000000000000 FROM generate_series(1, 1000) AS n;
  VACUUM ANALYZE floor_pools`

const DEBIT = {
  name: "floor_debit",
  text: `WITH debited AS (UPDATE floor_pools SET balance = balance - $2 WHERE id = $1 AND balance >= $2 RETURNING id)
    INSERT INTO floor_entries (pool_id, amount) SELECT id, $2 FROM debited`,
}

/**
 * The least that a durable debit can be: one statement that subtracts an amount from a balance and records it. No
 * rules.
 */
export async function prepareFloor(
  databaseUrl: string,
): Promise<{ debit: (pools: number) => () => Promise<unknown>; end: () => Promise<void> }> {
  const pool = new Pool({ connectionString: databaseUrl, max: CONNECTIONS })
  for (const statement of MAKE.split(";")) await pool.query(statement)
  return {
    debit: (pools) => () =>
      pool.query({ ...DEBIT, values: [1 + Math.floor(Math.random() * pools), 1_200_000] }),
    end: () => pool.end(),
  }
}
