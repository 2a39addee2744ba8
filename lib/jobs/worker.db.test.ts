import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { watchAlarms } from "@/dev/testing/alarms"
import { payCheckout, readPurchase, startTestPurchase, type TestPurchase } from "@/dev/testing/purchases"
import { createTestTeam } from "@/dev/testing/teams"
import { receiveWebhooks, sendEvent } from "@/dev/testing/webhooks"
import { testWorld } from "@/dev/testing/world"
import { enqueueJob } from "@/lib/queue/enqueue"
import { until } from "@/stand-in/testing"
import { startWorker } from "./worker"

const world = testWorld()
receiveWebhooks(world)
const alarms = watchAlarms()
let worker: Awaited<ReturnType<typeof startWorker>> | undefined

beforeAll(async () => {
  worker = await startWorker({ databaseUrl: world.databaseUrl, database: world.db })
})
afterAll(async () => worker?.stop())

/** Puts events into the inbox as if Stripe had delivered each of them. */
async function receiveAll(given: { id: string; objectId: string }[]): Promise<void> {
  const type = "payment_intent.succeeded"
  const data = given.map((event) => ({ ...event, subjectId: event.objectId, type, createdAt: new Date() }))
  await world.db.stripeEvent.createMany({ data })
  await world.db.$queryRaw`
    SELECT count(*) FROM graphile_worker.add_jobs(ARRAY(
      SELECT ROW('process-stripe-events', json_build_object('subjectId', id), NULL, NULL, NULL, 'stripe-events:' || id, NULL, NULL)::graphile_worker.job_spec
      FROM unnest(${[...new Set(given.map(({ objectId }) => objectId))]}::text[]) AS id))`
}

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

describe("events that can’t be processed", () => {
  const POISON = Array.from({ length: 12 }, (_, index) => `evt_poison_${index}`)
  let poisoned: TestPurchase
  let payment: string

  beforeAll(async () => {
    poisoned = await startTestPurchase(world, await createTestTeam(world.db))
    // Only this test's events are about it.
    await world.stripe.control.webhookRule({ action: "drop", customer: poisoned.customerId })
    payment = await payCheckout(world, poisoned.sessionId)
    const path = `/v1/payment_intents/${payment}`
    const fault = { kind: "status", status: 500, should_retry: false } as const
    await world.stripe.control.fault({ match: { path }, times: 9_999, fault })
  })

  const events = (ids: string[]) => world.db.stripeEvent.findMany({ where: { id: { in: ids } } })
  const poison = () => events(POISON)

  test("hold up none of a thousand others, though some hang, and stay in sight", async () => {
    const team = await createTestTeam(world.db)
    const purchases: TestPurchase[] = []
    for (let index = 0; index < 3; index += 1) {
      const purchase = await startTestPurchase(world, team)
      await world.stripe.control.webhookRule({ action: "drop", customer: purchase.customerId })
      await payCheckout(world, purchase.sessionId)
      purchases.push(purchase)
    }
    // As many as there are jobs at once, and each takes a place for a second.
    const hang = {
      match: { path: "/v1/payment_intents/pi_slow" },
      times: 10,
      fault: { kind: "hang", ms: 1_000 },
    } as const
    await world.stripe.control.fault(hang)
    const slow = Array.from({ length: 10 }, (_, index) => `evt_slow_${index}`)
    for (const id of POISON) await sendEvent({ id, data: { object: { id: payment } } })
    for (const id of slow) await sendEvent({ id, data: { object: { id: "pi_slow" } } })
    const others = Array.from({ length: 1_000 }, (_, index) => ({
      id: `evt_other_${index}`,
      objectId: index % 10 === 0 ? (purchases[(index / 10) % 3]?.sessionId ?? "") : `obj_${index}`,
    }))
    await receiveAll(others)

    const done = await until(
      () =>
        world.db.stripeEvent.count({
          where: { id: { startsWith: "evt_other_" }, status: { not: "received" } },
        }),
      (count) => count === 1_000,
      200_000,
    )
    expect(done).toBe(1_000)
    expect(
      await world.db.stripeEvent.count({ where: { id: { startsWith: "evt_other_" }, status: "failed" } }),
    ).toBe(0)
    for (const { ref } of purchases) expect(await statusOf(ref)).toBe("succeeded")
    const failed = await until(poison, (rows) => rows.every(({ status }) => status === "failed"), 20_000)
    expect(failed).toHaveLength(12)
    expect(failed[0]?.lastError).toBe("Stripe can’t be reached.")
    const waiting = await world.db.$queryRaw<unknown[]>`
      SELECT 1 FROM graphile_worker.jobs WHERE key = ${`stripe-events:${payment}`} AND attempts < max_attempts`
    expect(waiting).toHaveLength(1)
  }, 240_000)

  test("stay failed, with an alarm, when the queue gives them up, and are processed when delivered again", async () => {
    const [id = ""] = POISON
    // It may still be under way.
    await until(
      () => world.db.$executeRaw`
        UPDATE graphile_worker._private_jobs SET attempts = max_attempts - 1, run_at = now()
        WHERE key = ${`stripe-events:${payment}`} AND locked_at IS NULL`,
      (count) => count === 1,
    )
    await until(alarms.codes, (codes) => codes.includes("job_gave_up"))
    expect(await events([id])).toMatchObject([{ status: "failed", processedAt: null }])
    expect(await statusOf(poisoned.ref)).toBe("open")

    await world.stripe.control.clearFaults()
    await sendEvent({ id, data: { object: { id: payment } } })
    await until(
      () => events([id]),
      ([row]) => row?.status === "processed",
    )
    expect(await statusOf(poisoned.ref)).toBe("succeeded")
  })
})

test("a payment is credited by the settling job when every webhook was lost", async () => {
  await world.stripe.control.webhookRule({ action: "drop" })
  const { ref, sessionId } = await startTestPurchase(world, await createTestTeam(world.db))
  await payCheckout(world, sessionId)
  expect(await statusOf(ref)).toBe("open")
  // Makes it due.
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
