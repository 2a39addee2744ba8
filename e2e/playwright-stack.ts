import { randomBytes } from "node:crypto"
import { mkdtemp, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { buildApp } from "@/dev/stack/build"
import { freePort } from "@/dev/stack/ports"
import { startStack } from "@/dev/stack/stack"
import { createTestDatabase } from "@/dev/testing/database"
import { WEBHOOK_SECRET } from "@/dev/testing/secrets"
import { startTestPostgres } from "@/dev/testing/vitest-postgres"
import { seed } from "@/prisma/seed"
import { ensureDemoKey } from "@/prisma/seed-api-key"
import { controlClient } from "@/stand-in/control/client"
import { startWorkerControl } from "./worker-control"

/** Starts the whole product once for all browser tests and leaves its addresses in the environment. */
export default async function setup(): Promise<() => Promise<void>> {
  const stops: (() => Promise<void>)[] = []
  const stop = async () => {
    const failures: unknown[] = []
    for (const each of stops.toReversed()) await each().catch((error) => failures.push(error))
    if (failures.length > 0) throw failures[0]
  }
  try {
    if (!process.env.TEST_POSTGRES_URL) {
      const server = await startTestPostgres()
      process.env.TEST_POSTGRES_URL = server.url
      stops.push(server.stop)
    }
    await buildApp()
    const database = await createTestDatabase("credits_demo_e2e")
    stops.push(database.drop)
    await seed(database.db, { now: new Date() })
    await ensureDemoKey(database.db, { now: new Date(), apiKey: null })
    const scratch = await mkdtemp(join(tmpdir(), "credits-e2e-"))
    stops.push(() => rm(scratch, { recursive: true, force: true }))
    const log: string[] = []
    const authSecret = randomBytes(32).toString("base64url")
    const stack = await startStack({
      isDemo: true,
      databaseUrl: database.url,
      authSecret,
      webhookSecret: WEBHOOK_SECRET,
      appPort: await freePort(),
      stripePort: await freePort(),
      contract: true,
      onLine: (name, line) => void log.push(`${name}: ${line}`),
    })
    stops.push(async () => {
      await stack.stop()
      await writeFile("test-results/stack.log", log.join("\n")).catch(() => undefined)
    })
    stops.push(async () => {
      const { violations } = await controlClient(stack.stripeUrl).contract()
      if (violations.length > 0) throw new Error(`Not as Stripe has it: ${JSON.stringify(violations)}`)
    })
    const workerControl = await startWorkerControl(stack.worker, stack.startWorker)
    stops.push(workerControl.stop)
    Object.assign(process.env, {
      E2E_APP_URL: stack.appUrl,
      E2E_STRIPE_URL: stack.stripeUrl,
      E2E_DATABASE_URL: database.url,
      E2E_AUTH_SECRET: authSecret,
      E2E_WORKER_CONTROL_URL: workerControl.url,
    })
    return stop
  } catch (error) {
    await stop().catch(() => undefined)
    throw error
  }
}
