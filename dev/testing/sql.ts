import { Client } from "pg"
import { afterAll, beforeAll } from "vitest"
import { until } from "@/stand-in/testing"

export type Sql = (text: string, values?: unknown[]) => Promise<Record<string, unknown>[]>

/** A separate connection for the tests of a file, for statements that no code of the product would send. */
export function testSql(world: { databaseUrl: string }) {
  let client: Client | undefined
  const query: Sql = async (text, values) => {
    if (!client) throw new Error("There is no connection yet")
    return (await client.query(text, values)).rows
  }
  beforeAll(async () => {
    client = await connect(world)
  })
  afterAll(async () => client?.end())
  /** Runs several statements in one transaction and commits it. */
  async function inTransaction<T>(run: (sql: Sql) => Promise<T>): Promise<T> {
    await query("BEGIN")
    try {
      const result = await run(query)
      await query("COMMIT")
      return result
    } catch (error) {
      await query("ROLLBACK")
      throw error
    }
  }
  return {
    query,
    inTransaction,
    /** Writes as only the ledger's functions do, to reach the guards behind the one that refuses everybody else. */
    writeAsLedger: (...statements: [text: string, values?: unknown[]][]) =>
      inTransaction(async (sql) => {
        await sql("SET LOCAL ledger.writer = 'test'")
        for (const [text, values] of statements) await sql(text, values)
      }),
    /** Writes behind every trigger, key and foreign key, as damage to the disk would. CHECKs stay. */
    damage: (text: string, values?: unknown[]) =>
      inTransaction(async (sql) => {
        await sql("SET LOCAL session_replication_role = replica")
        await sql(text, values)
      }),
  }
}

/** Opens another connection, for two simultaneous actions. The caller ends it. */
export async function connect(world: { databaseUrl: string }): Promise<Client> {
  const client = new Client({ connectionString: world.databaseUrl })
  await client.connect()
  return client
}

/** Resolves once this many connections wait for a lock, so that a test can continue at exactly that moment. */
export async function untilWaiting(client: Client, count = 1): Promise<void> {
  await until(
    async () => {
      // Inside a transaction PostgreSQL would keep answering what it saw first.
      await client.query("SELECT pg_stat_clear_snapshot()")
      const { rows } = await client.query<{ waiting: number }>(
        `SELECT count(*)::int AS waiting FROM pg_stat_activity
         WHERE datname = current_database() AND wait_event_type = 'Lock'`,
      )
      return rows[0]?.waiting ?? 0
    },
    (waiting) => waiting >= count,
  )
}
