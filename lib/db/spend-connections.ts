import { Pool, type PoolClient } from "pg"
import { env } from "@/lib/env"
import { perProcess } from "@/lib/per-process"
import type { Query } from "./query"

/**
 * Connections of their own for spending, and for keeping Stripe's events: short statements that come by the hundred a
 * second. Few, because more of them on one busy pool only wait for each other.
 */
export type SpendConnections = {
  /** Runs one statement that commits by itself. */
  query: Query
  /** Runs work in a transaction: all of it commits, or, if it throws, none. */
  transaction: <Result>(work: (query: Query) => Promise<Result>) => Promise<Result>
  end: () => Promise<void>
}

export function connectForSpending(connectionString: string, size: number): SpendConnections {
  const pool = new Pool({
    connectionString,
    max: size,
    connectionTimeoutMillis: 3_000,
    statement_timeout: 10_000,
    // Whoever holds a pool for longer than this must not hold up the rest of its team: the spend is tried again.
    lock_timeout: 3_000,
    idle_in_transaction_session_timeout: 10_000,
    keepAlive: true,
    application_name: "credits-metering",
  })
  // A connection that breaks while idle is replaced; the next statement says if the database is gone.
  pool.on("error", () => undefined)
  return {
    query: async ({ name, text }, values) => (await pool.query({ name, text, values })).rows,
    transaction: (work) => runTransaction(pool, work),
    end: () => pool.end(),
  }
}

async function runTransaction<Result>(pool: Pool, work: (query: Query) => Promise<Result>): Promise<Result> {
  const client = await pool.connect()
  // What was under way fails with the connection; without a listener the event itself would end the process.
  const ignore = () => undefined
  client.on("error", ignore)
  let failure: Error | undefined
  try {
    await client.query("BEGIN")
    const result = await work(queryOn(client))
    await client.query("COMMIT")
    return result
  } catch (error) {
    failure = error as Error
    await client.query("ROLLBACK").then(
      () => (failure = undefined),
      () => undefined,
    )
    throw error
  } finally {
    client.off("error", ignore)
    // A connection that couldn't even roll back is not used again.
    client.release(failure)
  }
}

function queryOn(client: PoolClient): Query {
  return async ({ name, text }, values) => (await client.query({ name, text, values })).rows
}

/** Enough for many teams at once; one busy pool is fastest over one. */
const SPEND_CONNECTIONS = 4

/** The spending connections of this process. Connects on first use. */
export function spendConnections(): SpendConnections {
  return perProcess("spend-connections", () => connectForSpending(env().DATABASE_URL, SPEND_CONNECTIONS))
}
