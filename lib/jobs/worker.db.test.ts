import { afterAll, beforeAll, expect, test } from "vitest"
import { until } from "@/e2e/stripe/testing"
import { payCheckout, readPurchase, startTestPurchase } from "@/e2e/testing/purchases"
import { createTestTeam } from "@/e2e/testing/teams"
import { receiveWebhooks, sendEvent } from "@/e2e/testing/webhooks"
import { testWorld } from "@/e2e/testing/world"
import { enqueueJob } from "./enqueue"
import { startWorker } from "./worker"

const world = testWorld()
receiveWebhooks(world)
let worker: Awaited<ReturnType<typeof startWorker>> | undefined

beforeAll(async () => {
  worker = await startWorker({ databaseUrl: world.databaseUrl, database: world.db })
})
afterAll(async () => worker?.stop())

const statusOf = async (ref: { teamId: string; purchaseId: string }) =>
  (await readPurchase(world, ref)).status

test("a payment is credited by its webhook and the worker alone", async () => {
  const { ref, sessionId } = await startTestPurchase(world, await createTestTeam(world.db))
  await payCheckout(world, sessionId)
  await until(
    () => statusOf(ref),
    (status) => status === "succeeded",
  )
})

test("an event that can’t be processed holds up no other, and stays in sight", async () => {
  const { ref, sessionId } = await startTestPurchase(world, await createTestTeam(world.db))
  await world.stripe.control.fault({
    match: { path: "/v1/payment_intents/pi_poison" },
    times: 99,
    fault: { kind: "status", status: 500 },
  })
  for (let index = 0; index < 8; index += 1)
    await sendEvent({ id: `evt_poison_${index}`, data: { object: { id: "pi_poison" } } })
  await payCheckout(world, sessionId)
  await until(
    () => statusOf(ref),
    (status) => status === "succeeded",
  )
  const failed = await until(
    () => world.db.stripeEvent.findMany({ where: { objectId: "pi_poison", status: "failed" } }),
    (rows) => rows.length === 8,
  )
  expect(failed[0]?.lastError).toBe("Stripe can’t be reached.")
  const waiting = await world.db.$queryRaw<unknown[]>`
    SELECT 1 FROM graphile_worker.jobs WHERE key LIKE 'stripe-event:evt_poison%' AND attempts < max_attempts`
  expect(waiting).toHaveLength(8)
})

test("a payment is credited by the settling job when every webhook was lost", async () => {
  await world.stripe.control.webhookRule({ action: "drop" })
  const { ref, sessionId } = await startTestPurchase(world, await createTestTeam(world.db))
  await payCheckout(world, sessionId)
  expect(await statusOf(ref)).toBe("open")
  // Its time has come.
  await world.db.$transaction((tx) =>
    enqueueJob(tx, "settle-purchase", ref, {
      key: `settle-purchase:${ref.purchaseId}`,
      runAt: new Date(),
    }),
  )
  await until(
    () => statusOf(ref),
    (status) => status === "succeeded",
  )
})

test("a purchase that is still open when its time is up is looked at again", async () => {
  const { ref } = await startTestPurchase(world, await createTestTeam(world.db))
  const key = `settle-purchase:${ref.purchaseId}`
  const job = async () => {
    const [row] = await world.db.$queryRaw<{ id: string; run_at: Date }[]>`
      SELECT id::text, run_at FROM graphile_worker.jobs WHERE key = ${key} AND run_at > now()`
    return row
  }
  const before = await job()
  await world.db.$transaction((tx) => enqueueJob(tx, "settle-purchase", ref, { key, runAt: new Date() }))
  const after = await until(job, (row) => row !== undefined && row.id !== before?.id)
  expect(after?.run_at.getTime()).toBeGreaterThan(Date.now() + 50 * 60_000)
  expect(await statusOf(ref)).toBe("open")
})

test("a job that is enqueued twice with one key is one job, and none if its cause is rolled back", async () => {
  const { ref } = await startTestPurchase(world, await createTestTeam(world.db))
  const key = `twice:${ref.purchaseId}`
  const runAt = new Date(Date.now() + 3_600_000)
  const count = async () =>
    (await world.db.$queryRaw<unknown[]>`SELECT 1 FROM graphile_worker.jobs WHERE key = ${key}`).length
  const rolledBack = world.db.$transaction(async (tx) => {
    await enqueueJob(tx, "settle-purchase", ref, { key, runAt })
    throw new Error("rolled back")
  })
  await expect(rolledBack).rejects.toThrow("rolled back")
  expect(await count()).toBe(0)
  for (let index = 0; index < 2; index += 1)
    await world.db.$transaction((tx) => enqueueJob(tx, "settle-purchase", ref, { key, runAt }))
  expect(await count()).toBe(1)
})
