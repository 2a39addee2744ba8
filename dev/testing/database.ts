import { randomBytes } from "node:crypto"
import { Client } from "pg"
import { connectDb, type Db } from "@/lib/db/client"

export const TEMPLATE_DATABASE = "credits_test_template"

export type TestDatabase = { url: string; db: Db; drop: () => Promise<void> }

/** Creates a database, copied from the migrated template. Only ever on this machine. */
export async function createTestDatabase(prefix = "credits_test"): Promise<TestDatabase> {
  const server = process.env.TEST_POSTGRES_URL
  if (!server || new URL(server).hostname !== "127.0.0.1")
    throw new Error("Tests run against a local database only")
  const name = `${prefix}_${randomBytes(6).toString("hex")}`
  // By default each page would go through the log, which takes twice the processor time of copying the files.
  await query(server, `CREATE DATABASE ${name} TEMPLATE ${TEMPLATE_DATABASE} STRATEGY FILE_COPY`)
  const url = new URL(server)
  url.pathname = `/${name}`
  const db = connectDb(url.href, 24)
  return {
    url: url.href,
    db,
    async drop() {
      await db.$disconnect()
      await query(server, `DROP DATABASE ${name} WITH (FORCE)`)
    },
  }
}

async function query(url: string, sql: string): Promise<void> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    // Copies of one template wait for each other instead of failing.
    await client.query("SELECT pg_advisory_lock(4242)")
    await client.query(sql)
  } finally {
    await client.end()
  }
}
