import { createHash, randomUUID } from "node:crypto"
import { readdir, readFile } from "node:fs/promises"
import { pathToFileURL } from "node:url"
import { runMigrations as migrateJobQueue } from "graphile-worker"
import { Client } from "pg"
import { connectForQueue } from "@/lib/db/queue-connections"
import { loadEnvFile } from "@/lib/load-env-file"

const FOLDER = new URL("./migrations/", import.meta.url)
/** Any number that nothing else here locks, so that two simultaneous deployments migrate one after the other. */
const ADVISORY_LOCK = 7_241_995_301

// Prisma's own table, so that `prisma migrate deploy` and `status` accept the database wherever its engine can run.
const MIGRATIONS_TABLE = `CREATE TABLE IF NOT EXISTS _prisma_migrations (
  id varchar(36) PRIMARY KEY, checksum varchar(64) NOT NULL, finished_at timestamptz, migration_name varchar(255) NOT NULL,
  logs text, rolled_back_at timestamptz, started_at timestamptz NOT NULL DEFAULT now(), applied_steps_count integer NOT NULL DEFAULT 0)`

/**
 * Brings a database to the current schema, including the job queue's, and returns the names of the applied
 * migrations. Each migration is one transaction. Throws, having changed nothing more, if an applied migration was
 * edited since, or if the database has a history that doesn't lead to this schema.
 */
export async function migrate(databaseUrl: string): Promise<string[]> {
  const client = new Client({ connectionString: databaseUrl })
  await client.connect()
  try {
    await client.query("SELECT pg_advisory_lock($1)", [ADVISORY_LOCK])
    await client.query(MIGRATIONS_TABLE)
    const applied = await readApplied(client)
    const migrations = await readMigrations()
    const unknown = [...applied.keys()].find(
      (name) => !migrations.some((migration) => migration.name === name),
    )
    const fresh: string[] = []
    for (const { name, sql, checksum } of migrations) {
      const known = applied.get(name)
      if (known === checksum) continue
      if (known !== undefined)
        throw new Error(`Migration ${name} was changed after it was applied. Add a new one instead.`)
      if (unknown !== undefined)
        throw new Error(
          `The database has the migration ${unknown}, which this version doesn’t know, and lacks ${name}: another version made it. Start with an empty database, or run that version.`,
        )
      await apply(client, name, sql, checksum)
      fresh.push(name)
    }
    await migrateQueue(databaseUrl)
    return fresh
  } finally {
    await client.end()
  }
}

async function migrateQueue(databaseUrl: string): Promise<void> {
  const pool = connectForQueue(databaseUrl, 1)
  try {
    await migrateJobQueue({ pgPool: pool })
  } finally {
    await pool.end()
  }
}

async function readMigrations() {
  const names = (await readdir(FOLDER, { withFileTypes: true }))
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
  return Promise.all(
    names.sort().map(async (name) => {
      const sql = await readFile(new URL(`${name}/migration.sql`, FOLDER), "utf8")
      return { name, sql, checksum: createHash("sha256").update(sql).digest("hex") }
    }),
  )
}

async function readApplied(client: Client): Promise<Map<string, string>> {
  const { rows } = await client.query<{ migration_name: string; checksum: string }>(
    "SELECT migration_name, checksum FROM _prisma_migrations WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL",
  )
  return new Map(rows.map((row) => [row.migration_name, row.checksum]))
}

async function apply(client: Client, name: string, sql: string, checksum: string): Promise<void> {
  await client.query("BEGIN")
  try {
    await client.query("SET LOCAL lock_timeout = '5s'")
    await client.query(sql)
    await client.query(
      "INSERT INTO _prisma_migrations (id, checksum, finished_at, migration_name, applied_steps_count) VALUES ($1, $2, now(), $3, 1)",
      [randomUUID(), checksum, name],
    )
    await client.query("COMMIT")
  } catch (cause) {
    await client.query("ROLLBACK")
    throw new Error(`Migration ${name} failed: ${cause instanceof Error ? cause.message : cause}`, { cause })
  }
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  loadEnvFile()
  try {
    const databaseUrl = process.env.DATABASE_URL
    if (!databaseUrl || !URL.canParse(databaseUrl))
      throw new Error("DATABASE_URL must look like postgresql://user:password@host:5432/database")
    const fresh = await migrate(databaseUrl)
    console.log(fresh.length === 0 ? "The database is up to date." : `Applied ${fresh.join(", ")}.`)
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    process.exit(1)
  }
}
