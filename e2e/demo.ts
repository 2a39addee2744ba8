import { randomBytes } from "node:crypto"
import { existsSync } from "node:fs"
import { mkdir, readFile, rm, writeFile } from "node:fs/promises"
import { dirname, join, resolve } from "node:path"
import { newApiKey } from "@/lib/api-keys/create-api-key"
import { DEMO_TEAM_SLUG } from "@/lib/auth/demo-team"
import { connectDb } from "@/lib/db/client"
import { migrate } from "@/prisma/migrate"
import { seed } from "@/prisma/seed"
import { buildApp, ROOT } from "./build"
import { freePort, isPortFree } from "./ports"
import { startPostgres } from "./postgres"
import { startStack } from "./stack"

const DATABASE = "credits_demo"

/** What stays the same from one run of a demo to the next. */
type Settings = {
  postgresPassword: string
  authSecret: string
  webhookSecret: string
  apiKey: string
  stripePort: number
}

const stops: (() => Promise<void>)[] = []
let isStopping = false

async function stopAll(code: number): Promise<never> {
  if (!isStopping) {
    isStopping = true
    for (const stop of stops.toReversed()) await stop().catch(() => undefined)
  }
  process.exit(code)
}

async function runDemo(): Promise<void> {
  const port = readPort(process.env.PORT)
  const dataDir = resolve(ROOT, process.env.DEMO_DATA_DIR || ".data")
  if (!(await isPortFree(port)))
    throw new Error(`Port ${port} is taken. Choose another: PORT=3001 npm run demo`)
  if (process.argv.includes("--reset")) await resetData(dataDir)
  const settings = await readSettings(dataDir)

  if (await buildApp(() => console.log("Building the app, about a minute the first time…")))
    console.log("Built.")
  const postgres = await startPostgres({
    dataDir: join(dataDir, "postgres"),
    password: settings.postgresPassword,
  })
  stops.push(postgres.stop)
  await postgres.ensureDatabase(DATABASE)
  const databaseUrl = postgres.url(DATABASE)
  await migrate(databaseUrl)
  if (await fillDatabase(databaseUrl, settings.apiKey))
    console.log("Filled the database with four sample teams.")

  const stripePort = (await isPortFree(settings.stripePort)) ? settings.stripePort : await freePort()
  const stack = await startStack({
    ...settings,
    databaseUrl,
    appPort: port,
    stripePort,
    stripeDataDir: join(dataDir, "stripe"),
    onLine: (name, line) => line.includes('"level":"error"') && console.error(`${name}: ${line}`),
  })
  stops.push(stack.stop)
  const { appUrl: url, stripeUrl } = stack
  const facts = { url, stripeUrl, databaseUrl, apiKey: settings.apiKey, team: DEMO_TEAM_SLUG }
  await writeFile(join(dataDir, "demo.json"), `${JSON.stringify(facts, null, 2)}\n`, { mode: 0o600 })
  for (const running of [stack.app, stack.worker, ...(stack.standIn ? [stack.standIn] : [])])
    void running.ended.then(() => {
      if (isStopping) return
      console.error(`The ${running.name} ended unexpectedly. Run with LOG_LEVEL=info to see more.`)
      void stopAll(1)
    })
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

/** Removes what a demo keeps, and only if it is a demo's folder. */
async function resetData(dataDir: string): Promise<void> {
  for (const name of ["postgres", "stripe", "settings.json", "demo.json"])
    await rm(join(dataDir, name), { recursive: true, force: true })
}

async function readSettings(dataDir: string): Promise<Settings> {
  const path = join(dataDir, "settings.json")
  try {
    await makeFolder(dataDir)
    const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return null
      throw error
    })
    if (text !== null) return JSON.parse(text) as Settings
    const secret = () => randomBytes(24).toString("base64url")
    const settings: Settings = {
      postgresPassword: secret(),
      authSecret: secret() + secret(),
      webhookSecret: `whsec_${secret()}`,
      apiKey: newApiKey(),
      stripePort: await freePort(),
    }
    await writeFile(path, `${JSON.stringify(settings, null, 2)}\n`, { mode: 0o600 })
    return settings
  } catch (error) {
    const reason =
      error instanceof SyntaxError ? "its settings.json is damaged" : String((error as Error).message)
    throw new Error(
      `The data folder ${dataDir} can't be used: ${reason}. Start afresh with: npm run demo -- --reset`,
    )
  }
}

/** One level at a time: where a folder can't be made, as under /proc, Node's own recursion may never end. */
async function makeFolder(path: string): Promise<void> {
  if (existsSync(path)) return
  await makeFolder(dirname(path))
  await mkdir(path)
}

async function fillDatabase(databaseUrl: string, apiKey: string): Promise<boolean> {
  const db = connectDb(databaseUrl, 2)
  try {
    return await seed(db, { now: new Date(), apiKey })
  } finally {
    await db.$disconnect()
  }
}

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => void stopAll(0))
try {
  await runDemo()
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  await stopAll(1)
}
