import { writeFile } from "node:fs/promises"
import { join, resolve } from "node:path"
import { DEMO_TEAM_SLUG } from "@/lib/auth/demo-team"
import { connectDb } from "@/lib/db/client"
import { loadEnvFile } from "@/lib/load-env-file"
import { migrate } from "@/prisma/migrate"
import { isSeeded, seed } from "@/prisma/seed"
import { ensureDemoKey } from "@/prisma/seed-api-key"
import type { Payments } from "@/prisma/seed-payments"
import { buildApp, ROOT } from "../stack/build"
import { watchLauncher } from "../stack/launcher"
import { freePort, isPortFree } from "../stack/ports"
import { startPostgres } from "../stack/postgres"
import { type Stack, startStack } from "../stack/stack"
import { type DemoSettings, readSettings, resetData, writeSettings } from "./data"
import { withPayments } from "./payments"

const DATABASE = "credits_demo"
const WORKER_RESTART_MS = 1_000

const stops: (() => Promise<void>)[] = []
let stopping: Promise<never> | null = null

/** Stops everything that was started, in reverse order. A repeated call is the same stop. */
function stopAll(code: number): Promise<never> {
  stopping ??= (async () => {
    for (const stop of stops.toReversed()) await stop().catch(() => undefined)
    process.exit(code)
  })()
  return stopping
}

async function runDemo(): Promise<void> {
  loadEnvFile()
  const port = readPort(process.env.PORT)
  const dataDir = resolve(ROOT, process.env.DEMO_DATA_DIR || ".data")
  if (!(await isPortFree(port)))
    throw new Error(`Port ${port} is taken. Choose another: PORT=${port + 1} npm run demo`)
  if (process.argv.includes("--reset")) await resetData(dataDir)
  const settings = await readSettings(dataDir)

  if (await buildApp(() => console.log("Building the app, about a minute the first time…")))
    console.log("Built.")
  const ownDatabase = !process.env.DATABASE_URL
  const databaseUrl = process.env.DATABASE_URL || (await startDatabase(dataDir, settings.postgresPassword))
  await migrate(databaseUrl).catch((error: Error) => {
    throw ownDatabase
      ? new Error(`${error.message} To start the demo afresh: npm run demo -- --reset`)
      : error
  })
  const stripePort = (await isPortFree(settings.stripePort)) ? settings.stripePort : await freePort()
  const standIn = { port: stripePort, dataDir: join(dataDir, "stripe") }
  const apiKey = ownDatabase ? await fillDatabase(databaseUrl, dataDir, settings, standIn) : null

  const stack = await startStack({
    ...settings,
    databaseUrl,
    isDemo: ownDatabase,
    appPort: port,
    stripePort,
    stripeDataDir: standIn.dataDir,
    onLine: (name, line) => line.includes('"level":"error"') && console.error(`${name}: ${line}`),
    onStart: (stop) => stops.push(stop),
  })
  watch(stack)
  const { appUrl: url, stripeUrl } = stack
  const facts = { url, stripeUrl, databaseUrl, apiKey, team: DEMO_TEAM_SLUG }
  await writeFile(join(dataDir, "demo.json"), `${JSON.stringify(facts, null, 2)}\n`, { mode: 0o600 })
  if (stack.standIn)
    console.log(`Stripe stand-in, no real money: ${stripeUrl}. Card 4242 4242 4242 4242 pays.`)
  console.log(`Ready: ${url}`)
}

function readPort(text: string | undefined): number {
  const port = Number(text || 3000)
  if (!Number.isInteger(port) || port < 1 || port > 65_535)
    throw new Error(`PORT must be a number from 1 to 65535, not ${text}.`)
  return port
}

async function startDatabase(dataDir: string, password: string): Promise<string> {
  const postgres = await startPostgres({
    dataDir: join(dataDir, "postgres"),
    password,
    onStart: (stop) => stops.push(stop),
  })
  await postgres.ensureDatabase(DATABASE)
  return postgres.url(DATABASE)
}

/** Returns the text of the demo's API key. */
async function fillDatabase(
  databaseUrl: string,
  dataDir: string,
  settings: DemoSettings,
  standIn: { port: number; dataDir: string },
): Promise<string | null> {
  const db = connectDb(databaseUrl, 2)
  try {
    const fill = (payments?: Payments) => seed(db, { now: new Date(), ...(payments && { payments }) })
    if (!(await isSeeded(db))) {
      await (process.env.STRIPE_SECRET_KEY ? fill() : withPayments(standIn, fill))
      console.log("Filled the database with four sample teams.")
    }
    const apiKey = await ensureDemoKey(db, { now: new Date(), apiKey: settings.apiKey })
    if (apiKey !== settings.apiKey) await writeSettings(dataDir, { ...settings, apiKey })
    return apiKey
  } finally {
    await db.$disconnect()
  }
}

/** Restarts a worker that ends, as a supervisor would. Without the app or Stripe there is no demo. */
function watch(stack: Stack): void {
  const keepWorker = (worker: Stack["worker"]) => {
    void worker.ended.then(() => {
      if (!stopping) setTimeout(() => !stopping && keepWorker(stack.startWorker()), WORKER_RESTART_MS)
    })
  }
  keepWorker(stack.worker)
  for (const running of [stack.app, ...(stack.standIn ? [stack.standIn] : [])])
    void running.ended.then(() => {
      if (stopping) return
      console.error(
        `The ${running.name} ended unexpectedly: ${running.lastLines().at(-1) ?? "it said nothing"}`,
      )
      void stopAll(1)
    })
}

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => void stopAll(0))
watchLauncher(() => void stopAll(0))
try {
  await runDemo()
} catch (error) {
  // Stopping halfway makes the work under way fail, which is no news.
  if (!stopping) console.error(error instanceof Error ? error.message : error)
  await stopAll(1)
}
