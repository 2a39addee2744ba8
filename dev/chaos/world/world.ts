import { appendFileSync, mkdirSync } from "node:fs"
import { chmod, mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { Client } from "pg"
import { connectDb } from "@/lib/db/client"
import { HANDLED_EVENT_TYPES } from "@/lib/stripe/event-types"
import { migrate } from "@/prisma/migrate"
import { type ControlClient, controlClient } from "@/stand-in/control/client"
import type { Dice } from "@/stand-in/faults/dice"
import { buildApp } from "../../stack/build"
import { freePort } from "../../stack/ports"
import { startPostgres } from "../../stack/postgres"
import { type StackSettings, startStack } from "../../stack/stack"
import { createTestDatabase } from "../../testing/database"
import { startInEnvironment, testEnvironment } from "../../testing/environment"
import { WEBHOOK_SECRET } from "../../testing/secrets"
import { Drivers } from "./drivers"
import { Kept } from "./kept"
import { CHAOS_CONNECTION } from "./killer"
import { subscribeTeams } from "./subscriptions"
import { type ChaosTeam, createTeams } from "./teams"
import { turnTopUpsOn } from "./top-ups"

const DATABASE = "credits_demo_chaos"
const DRIVERS = 2

export type ChaosWorld = {
  folder: string
  databaseUrl: string
  sql: Client
  stripe: ControlClient
  stripeUrl: string
  appUrl: string
  apps: Kept[]
  workers: Kept[]
  drivers: Drivers
  teams: ChaosTeam[]
  /** The environment of the product's processes, for one that runs to its end. */
  env: Record<string, string | undefined>
  stop: () => Promise<void>
}

type Size = { apps: number; workers: number; teams: number }

/** Starts the product as it runs in production, with Stripe's stand-in and PostgreSQL, each in its own process. */
export async function startWorld(
  dice: Dice,
  size: Size,
  onStop: (stop: () => Promise<void>) => void,
): Promise<ChaosWorld> {
  const folder = await mkdtemp(join(tmpdir(), "credits-chaos-"))
  // Under root, PostgreSQL runs as another user, who must be able to reach the folder.
  await chmod(folder, 0o755)
  const stops: (() => Promise<void> | void)[] = []
  const stop = async () => {
    for (const each of stops.splice(0).toReversed()) await each()
  }
  onStop(stop)
  await buildApp(() => console.log("Building the app, about a minute…"))
  const databaseUrl = await startDatabase(folder, stops)
  const teams = await fill(databaseUrl, dice, size.teams)
  const sql = new Client({ connectionString: databaseUrl, application_name: CHAOS_CONNECTION })
  await sql.connect()
  stops.push(() => sql.end())

  const logs = join(folder, "logs")
  mkdirSync(logs)
  const onLine = (name: string, line: string) => appendFileSync(join(logs, `${name}.log`), `${line}\n`)
  const settings: StackSettings = {
    isDemo: true,
    databaseUrl,
    authSecret: "a-secret-of-the-chaos-that-is-long-enough",
    webhookSecret: WEBHOOK_SECRET,
    appPort: await freePort(),
    stripePort: await freePort(),
    onLine,
  }
  const stack = await startStack({ ...settings, onStart: (end) => stops.push(end) })
  const stripe = controlClient(stack.stripeUrl)
  await stripe.replaceEndpoints([endpointOf(settings.appPort)])
  const apps = [new Kept(stack.startApp, stack.app, `${stack.appUrl}/api/health`)]
  for (let more = 1; more < size.apps; more++) {
    const port = await freePort()
    const url = `http://localhost:${port}`
    apps.push(new Kept(() => stack.startApp(port), stack.startApp(port), `${url}/api/health`))
    await stripe.addEndpoint(endpointOf(port))
  }
  const workers = [new Kept(stack.startWorker, stack.worker, null)]
  for (let more = 1; more < size.workers; more++)
    workers.push(new Kept(stack.startWorker, stack.startWorker(), null))
  stops.push(() => {
    for (const kept of [...apps, ...workers]) kept.stop()
  })

  const env = testEnvironment({
    DATABASE_URL: databaseUrl,
    APP_URL: stack.appUrl,
    LOG_LEVEL: "warn",
    STRIPE_API_BASE: stack.stripeUrl,
    STRIPE_JS_URL: `${stack.stripeUrl}/stripe.js`,
  })
  startInEnvironment(env)
  const db = connectDb(databaseUrl, 2)
  const prepared = { db, stripe: { url: stack.stripeUrl }, appUrl: stack.appUrl }
  await subscribeTeams(prepared, teams)
    .then(() => turnTopUpsOn(prepared, teams))
    .finally(() => db.$disconnect())
  // Restarted processes inherit this process's environment. Their mail goes to the outbox, like the first ones'.
  delete process.env.SMTP_URL
  const drivers = new Drivers(DRIVERS, env, (line) => onLine("driver", line))
  stops.push(() => drivers.stop())
  await drivers.untilReady()
  const { appUrl, stripeUrl } = stack
  return { folder, databaseUrl, sql, stripe, stripeUrl, appUrl, apps, workers, drivers, teams, env, stop }
}

/** Sends the events that the product wants, and a few more. */
function endpointOf(port: number) {
  const enabled_events = [...HANDLED_EVENT_TYPES, "payment_intent.created"]
  return { url: `http://127.0.0.1:${port}/api/webhooks/stripe`, secret: WEBHOOK_SECRET, enabled_events }
}

/** Starts a separate server, or creates a database on the tests' server. */
async function startDatabase(folder: string, stops: (() => Promise<void> | void)[]): Promise<string> {
  if (process.env.TEST_POSTGRES_URL) {
    const database = await createTestDatabase(DATABASE)
    stops.push(database.drop)
    return database.url
  }
  const postgres = await startPostgres({
    dataDir: join(folder, "postgres"),
    password: "chaos",
    onStart: (end) => stops.push(end),
  })
  await postgres.ensureDatabase(DATABASE)
  await migrate(postgres.url(DATABASE))
  return postgres.url(DATABASE)
}

async function fill(databaseUrl: string, dice: Dice, count: number): Promise<ChaosTeam[]> {
  const db = connectDb(databaseUrl, 2)
  try {
    return await createTeams(db, dice, count)
  } finally {
    await db.$disconnect()
  }
}

export function removeFolder(folder: string): Promise<void> {
  return rm(folder, { recursive: true, force: true })
}
