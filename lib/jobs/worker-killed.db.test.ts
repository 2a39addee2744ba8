import { type ChildProcess, spawn } from "node:child_process"
import { createRequire } from "node:module"
import { afterEach, expect, test } from "vitest"
import { listTopUps, prepareTopUp } from "@/dev/testing/auto-top-up"
import { customerOf } from "@/dev/testing/payment-methods"
import { payCheckout, readPurchase, startTestPurchase } from "@/dev/testing/purchases"
import { createTestTeam } from "@/dev/testing/teams"
import { testWorld } from "@/dev/testing/world"
import { enqueueJob } from "@/lib/queue/enqueue"
import { stripeAt, until } from "@/stand-in/testing"
import { WorkerLiveness } from "./liveness"
import { startWorker } from "./worker"

const world = testWorld()
const tsx = createRequire(import.meta.url).resolve("tsx/cli")
const children: ChildProcess[] = []
afterEach(() => {
  for (const child of children.splice(0)) child.kill("SIGKILL")
})

/** Starts the worker as in production, in its own process. */
function spawnWorker(): ChildProcess {
  // Without tsx's own process around it, so that a signal reaches the worker.
  const args = ["--require", tsx.replace("cli.mjs", "preflight.cjs"), "--import", "tsx", "lib/jobs/worker.ts"]
  const child = spawn(process.execPath, args, { env: { ...process.env }, stdio: "ignore" })
  children.push(child)
  return child
}

/** Settling jobs only, because a worker has jobs of its own when it starts. */
const lockedJobs = () =>
  world.db.$queryRaw<{ locked_by: string }[]>`
    SELECT locked_by FROM graphile_worker._private_jobs
    WHERE locked_by IS NOT NULL AND key LIKE 'settle-purchase:%'`

test("a job of a worker that was killed is freed and finished by the next one", async () => {
  const { ref, sessionId } = await startTestPurchase(world, await createTestTeam(world.db))
  await payCheckout(world, sessionId)
  const path = `/v1/checkout/sessions/${sessionId}`
  await world.stripe.control.fault({ match: { method: "GET", path }, fault: { kind: "hang", ms: 9_000 } })
  await world.db.$transaction((tx) =>
    enqueueJob(tx, "settle-purchase", ref, { key: `settle-purchase:${ref.purchaseId}`, runAt: new Date() }),
  )

  const first = spawnWorker()
  const locked = await until(lockedJobs, (rows) => rows.length === 1, 20_000)
  await until(
    () => world.stripe.control.requests({ method: "GET", path }),
    ({ count }) => count === 1,
  )
  const ended = new Promise((resolve) => first.once("exit", (_, signal) => resolve(signal)))
  first.kill("SIGKILL")
  expect(await ended).toBe("SIGKILL")
  expect(await lockedJobs()).toEqual(locked)
  expect((await readPurchase(world, ref)).status).toBe("open")

  // As if it had been killed a few seconds ago: a worker that has just started gets time to announce itself.
  await world.db.$executeRaw`
    UPDATE graphile_worker._private_jobs SET locked_at = now() - interval '6 seconds' WHERE locked_by IS NOT NULL`
  const second = await startWorker({ databaseUrl: world.databaseUrl, database: world.db })
  try {
    await until(
      () => readPurchase(world, ref),
      ({ status }) => status === "succeeded",
    )
    await until(lockedJobs, (rows) => rows.length === 0)
  } finally {
    await second.stop()
  }
})

test("a job of a worker that lives is left to it", async () => {
  const { ref, sessionId } = await startTestPurchase(world, await createTestTeam(world.db))
  await payCheckout(world, sessionId)
  const path = `/v1/checkout/sessions/${sessionId}`
  await world.stripe.control.fault({ match: { method: "GET", path }, fault: { kind: "hang", ms: 1_500 } })
  const first = await startWorker({ databaseUrl: world.databaseUrl, database: world.db })
  await world.db.$transaction((tx) =>
    enqueueJob(tx, "settle-purchase", ref, { key: `settle-purchase:${ref.purchaseId}`, runAt: new Date() }),
  )
  const locked = await until(lockedJobs, (rows) => rows.length === 1)
  await world.db.$executeRaw`
    UPDATE graphile_worker._private_jobs SET locked_at = now() - interval '1 hour' WHERE locked_by IS NOT NULL`
  const other = new WorkerLiveness(world.databaseUrl)
  try {
    await other.start()
    expect(await lockedJobs()).toEqual(locked)
    await until(
      () => readPurchase(world, ref),
      ({ status }) => status === "succeeded",
    )
  } finally {
    await Promise.all([first.stop(), other.stop()])
  }
})

test("a top-up whose worker was killed while Stripe charged is found by the next one, and charged and credited once", async () => {
  const team = await createTestTeam(world.db)
  await prepareTopUp(world, team)
  const path = "/v1/payment_intents/*/confirm"
  await world.stripe.control.fault({ match: { method: "POST", path }, fault: { kind: "hang", ms: 9_000 } })
  const first = spawnWorker()
  await until(
    () => world.stripe.control.requests({ method: "POST", path: "/v1/payment_intents/" }),
    ({ count }) => count > 0,
    20_000,
  )
  const ended = new Promise((resolve) => first.once("exit", resolve))
  first.kill("SIGKILL")
  await ended
  const second = await startWorker({ databaseUrl: world.databaseUrl, database: world.db })
  try {
    await until(
      () => listTopUps(world, team),
      ([topUp]) => topUp?.status === "succeeded",
      20_000,
    )
  } finally {
    await second.stop()
  }
  expect(await listTopUps(world, team)).toHaveLength(1)
  const customer = await customerOf(world, team)
  const { data } = await stripeAt(world.stripe.url).paymentIntents.list({ customer })
  expect(data.filter(({ status }) => status === "succeeded")).toHaveLength(1)
})
