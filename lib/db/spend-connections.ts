import { Pool, type PoolClient } from "pg"
import { env } from "@/lib/env"
import { perProcess } from "@/lib/per-process"
import type { Query } from "./query"

/**
 * Separate connections for spending and for storing Stripe's events: short statements, hundreds a second. Few,
 * because more of them on one busy pool only wait for each other.
 */
export type SpendConnections = {
  /** Runs one statement, which commits by itself. */
  query: Query
  /** Runs work in a transaction. All of it commits, or none if it throws. */
  transaction: <Result>(work: (query: Query) => Promise<Result>) => Promise<Result>
  end: () => Promise<void>
}

export function connectForSpending(connectionString: string, size: number): SpendConnections {
  const pool = new Pool({
    connectionString,
    max: size,
    connectionTimeoutMillis: 3_000,
    statement_timeout: 10_000,
    // A transaction that holds a pool for longer must not hold up the rest of its team. The spend is tried again.
    lock_timeout: 3_000,
    idle_in_transaction_session_timeout: 10_000,
    keepAlive: true,
    application_name: "credits-metering",
  })
  // A connection that breaks while idle is replaced. The next statement reports a database that is gone.
  pool.on("error", () => undefined)
  return {
    query: async ({ name, text }, values) => (await pool.query({ name, text, values })).rows,
    transaction: (work) => runTransaction(pool, work),
    end: () => pool.end(),
  }
}

async function runTransaction<Result>(pool: Pool, work: (query: Query) => Promise<Result>): Promise<Result> {
  const client = await pool.connect()
  // The work under way fails with the connection. Without a listener, the event itself would end the process.
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
    // A connection that couldn't even roll back isn't used again.
    client.release(failure)
  }
}

function queryOn(client: PoolClient): Query {
  return async ({ name, text }, values) => (await client.query({ name, text, values })).rows
}

/** Enough for many teams at once. One busy pool is fastest over one connection. */
const SPEND_CONNECTIONS = 4

/** The spending connections of this process. Connects on first use. */
export function spendConnections(): SpendConnections {
  return perProcess("spend-connections", () => connectForSpending(env().DATABASE_URL, SPEND_CONNECTIONS))
}
