import { readFileSync } from "node:fs"
import { chmod, mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { Client } from "pg"
import { migrate } from "@/prisma/migrate"
import { type PostgresServer, startPostgres } from "../../stack/postgres"

const PASSWORD = "bench"
const TEMPLATE = "bench_template"

/** A separate PostgreSQL, as durable as PostgreSQL is by default. */
export type BenchServer = {
  folder: string
  url: (database: string) => string
  /** Creates a migrated, empty database whose connections get these settings. Returns its connection string. */
  createDatabase: (name: string, settings?: Record<string, string>) => Promise<string>
  dropDatabase: (name: string) => Promise<void>
  /** Stops it as a crash would, without a checkpoint or a warning, and starts it again. */
  crash: () => Promise<void>
  stop: () => Promise<void>
}

export async function startBenchServer(): Promise<BenchServer> {
  const folder = await mkdtemp(join(tmpdir(), "credits-bench-"))
  // Under root, PostgreSQL runs as another user, who must be able to reach the folder.
  await chmod(folder, 0o755)
  const dataDir = join(folder, "postgres")
  let postgres: PostgresServer | null = null
  const stop = async () => {
    await postgres?.stop()
    await rm(folder, { recursive: true, force: true })
  }
  try {
    postgres = await startPostgres({ dataDir, password: PASSWORD })
    const { port, url } = postgres
    await postgres.ensureDatabase(TEMPLATE)
    await migrate(url(TEMPLATE))
    return {
      folder,
      url,
      async createDatabase(name, settings = {}) {
        await run(url("postgres"), [
          `CREATE DATABASE ${name} TEMPLATE ${TEMPLATE}`,
          ...Object.entries(settings).map(([key, value]) => `ALTER DATABASE ${name} SET ${key} = ${value}`),
        ])
        return url(name)
      },
      dropDatabase: (name) => run(url("postgres"), [`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`]),
      async crash() {
        postgres = null
        await killServer(dataDir)
        postgres = await startPostgres({ dataDir, password: PASSWORD, port })
      },
      stop,
    }
  } catch (error) {
    await stop()
    throw error
  }
}

async function run(url: string, statements: string[]): Promise<void> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    for (const statement of statements) await client.query(statement)
  } finally {
    await client.end()
  }
}

/** SIGQUIT to the server's first process is PostgreSQL's immediate shutdown: anything not in the log by then is gone. */
async function killServer(dataDir: string): Promise<void> {
  const pid = Number(readFileSync(join(dataDir, "postmaster.pid"), "utf8").split("\n")[0])
  process.kill(pid, "SIGQUIT")
  while (isAlive(pid)) await new Promise((resume) => setTimeout(resume, 10))
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
