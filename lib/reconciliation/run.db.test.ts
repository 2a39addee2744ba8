import { afterEach, beforeEach, describe, expect, test } from "vitest"
import { watchAlarms } from "@/dev/testing/alarms"
import { readPool, usd } from "@/dev/testing/ledger"
import { payCheckout, startTestPurchase } from "@/dev/testing/purchases"
import { figuresOf, reconcileCtx, reconcileOnce } from "@/dev/testing/reconciliation"
import { createTestTeam, type TestTeam } from "@/dev/testing/teams"
import { workInbox } from "@/dev/testing/webhooks"
import { testWorld } from "@/dev/testing/world"
import { DAY_MS } from "@/lib/clock"
import { performRun, reconcile } from "./reconcile"
import { requestReconciliation } from "./request-reconciliation"
import { beginRun, insertRun, keepRun } from "./store"

const world = testWorld()
const alarms = watchAlarms()
let team: TestTeam

beforeEach(async () => {
  team = await createTestTeam(world.db)
})
afterEach(async () => {
  await world.stripe.control.clearFaults()
  await world.stripe.control.clearWebhookRules()
  await world.db.stripeEvent.deleteMany()
})

const balance = async () =>
  (await readPool(world.db, { teamId: team.id, poolId: team.owner.poolId })).creditsNanos

async function pay(): Promise<string> {
  const { sessionId } = await startTestPurchase(world, team, { address: crypto.randomUUID() })
  return payCheckout(world, sessionId)
}

const run = (teamId?: string) =>
  reconcile(reconcileCtx(world.db), { trigger: "scheduled", since: null, ...(teamId && { teamId }) })

describe("when Stripe", () => {
  test.each([
    ["answers 429", { kind: "status" as const, status: 429 }],
    ["answers 500", { kind: "status" as const, status: 500 }],
    ["closes the connection", { kind: "reset" as const }],
    ["answers what is no JSON", { kind: "bad_json" as const }],
  ])("%s in the middle, the run ends as failed and the next one does the rest", async (_, fault) => {
    await pay()
    await pay()
    // The first payment is recorded. The second can't be read.
    await world.stripe.control.fault({
      match: { method: "GET", path: "/v1/payment_intents/*" },
      after: 1,
      times: 9,
      fault,
    })
    expect(await run()).toMatchObject({ status: "failed", reason: "Stripe can’t be reached." })
    expect(await balance()).toBe(usd(25))
    expect(alarms.codes()).toEqual(["reconciliation_failed"])
    await world.stripe.control.clearFaults()
    expect(await run()).toMatchObject({ status: "finished" })
    expect(await balance()).toBe(usd(50))
  })

  test("can’t list anything, the run says so and nothing is taken for missing", async () => {
    await pay()
    await run()
    await world.stripe.control.fault({ match: { method: "GET" }, times: 9, fault: { kind: "reset" } })
    expect(await run()).toMatchObject({ status: "failed" })
    expect(await world.db.reconciliationDifference.count({ where: { teamId: team.id } })).toBe(0)
  })
})

describe("one run at a time", () => {
  test("while one is under way another begins nothing, and two at once credit once", async () => {
    await pay()
    const outcomes = await Promise.all([run(), run(), run(team.id), run(team.id)])
    const statuses = outcomes.map(({ status }) => status).sort()
    expect(statuses).toEqual(["busy", "busy", "finished", "finished"])
    expect(await balance()).toBe(usd(25))
    expect(await world.db.entry.count({ where: { teamId: team.id } })).toBe(1)
  })

  test("a run whose process died is shown as failed when the next begins", async () => {
    const runId = await world.db.$transaction((tx) =>
      insertRun(tx, { teamId: team.id, trigger: "command", since: null, now: new Date() }),
    )
    await world.db.$transaction((tx) => beginRun(tx, runId ?? "", new Date()))
    expect(await run(team.id)).toEqual({ status: "busy" })
    await world.db
      .$executeRaw`UPDATE reconciliation_runs SET alive_at = now() - interval '61 seconds' WHERE id = ${runId}::uuid`
    await pay()
    expect(await run(team.id)).toMatchObject({ status: "finished" })
    expect(await world.db.reconciliationRun.findUnique({ where: { id: runId ?? "" } })).toMatchObject({
      status: "failed",
      failure: "The check was interrupted.",
    })
    expect(await balance()).toBe(usd(25))
  })

  test("a run that was asked for and killed in the middle is begun anew, and the dead one can’t write any more", async () => {
    await pay()
    await requestReconciliation({ db: world.db, now: new Date(), actor: team.owner }, team.id)
    const { id } = await world.db.reconciliationRun.findFirstOrThrow({ where: { teamId: team.id } })
    const killed = await world.db.$transaction((tx) => beginRun(tx, id, new Date()))
    const found = { counted: 7, matched: 7, repaired: 0, differences: 0 }
    if (!killed) throw new Error("The run has begun")
    await world.db.$transaction((tx) => keepRun(tx, killed, found))
    expect(await performRun(reconcileCtx(world.db), id)).toEqual({ status: "busy" })
    const letDie = () =>
      world.db
        .$executeRaw`UPDATE reconciliation_runs SET alive_at = now() - interval '61 seconds' WHERE id = ${id}::uuid`
    await letDie()
    expect(await world.db.$transaction((tx) => beginRun(tx, id, new Date()))).toMatchObject({ attempt: 2 })
    await expect(world.db.$transaction((tx) => keepRun(tx, killed, found))).rejects.toThrow(
      "taken this run over",
    )
    await letDie()
    expect(await performRun(reconcileCtx(world.db), id)).toMatchObject({
      status: "finished",
      figures: { counted: 1, repaired: 1 },
    })
    await expect(world.db.$transaction((tx) => keepRun(tx, killed, found))).rejects.toThrow(
      "taken this run over",
    )
    expect(await figuresOf(world.db, team, id)).toMatchObject({ counted: 1, repaired: 1 })
  })

  test("a request repeated while it waits is one run and one job", async () => {
    const ctx = { db: world.db, now: new Date(), actor: team.owner }
    await Promise.all(Array.from({ length: 5 }, () => requestReconciliation(ctx, team.id)))
    expect(await world.db.reconciliationRun.count({ where: { teamId: team.id } })).toBe(1)
    const jobs = await world.db.$queryRaw`
      SELECT 1 FROM graphile_worker.jobs WHERE key = ${`reconcile:${team.id}`}`
    expect(jobs).toHaveLength(1)
  })

  test("a team that asks again and again has to wait", async () => {
    const ctx = { db: world.db, now: new Date(), actor: team.owner }
    for (let index = 0; index < 12; index += 1) {
      await requestReconciliation(ctx, team.id)
      await world.db.reconciliationRun.updateMany({
        where: { teamId: team.id, status: "waiting" },
        data: { status: "finished", finishedAt: new Date() },
      })
    }
    await expect(requestReconciliation(ctx, team.id)).rejects.toThrow("many checks")
    expect(await world.db.reconciliationRun.count({ where: { teamId: team.id, status: "waiting" } })).toBe(0)
  })
})

describe("the window", () => {
  test("of a later run begins 30 days before the last that finished, whichever failed since", async () => {
    await world.db.reconciliationRun.deleteMany()
    const now = new Date("2026-11-25T12:00:00Z")
    const at = (time: Date) => reconcile(reconcileCtx(world.db, time), { trigger: "scheduled" })
    await at(now)
    await world.stripe.control.fault({ match: { method: "GET" }, times: 9, fault: { kind: "reset" } })
    await at(new Date(now.getTime() + DAY_MS))
    await world.stripe.control.clearFaults()
    await at(new Date(now.getTime() + 2 * DAY_MS))
    const runs = await world.db.reconciliationRun.findMany({ orderBy: { requestedAt: "asc" } })
    const day = (days: number) => new Date(now.getTime() + days * DAY_MS)
    expect(runs.map(({ status, since }) => [status, since])).toEqual([
      ["finished", day(-90)],
      ["failed", day(-30)],
      ["finished", day(-30)],
    ])
  })
})

describe("events", () => {
  test("that were never delivered are taken into the inbox once, and processed", async () => {
    await world.stripe.control.addEndpoint({
      url: "http://127.0.0.1:1/",
      secret: "whsec_of_nobody_who_listens",
    })
    await world.stripe.control.webhookRule({ action: "drop" })
    await pay()
    const { events } = await reconcileOnce(world.db)
    expect(events.received).toBeGreaterThanOrEqual(2)
    expect((await reconcileOnce(world.db)).events.received).toBe(0)
    const worked = await workInbox(world)
    expect(worked.map(([type]) => type)).toContain("payment_intent.succeeded")
    expect(new Set(worked.map(([, status]) => status))).toEqual(new Set(["processed"]))
    expect(await balance()).toBe(usd(25))
  })

  test("that failed, or lost their job, are processed again; those that failed very often only when asked", async () => {
    const event = (id: string, more: object) => ({
      id,
      type: "payment_intent.succeeded",
      objectId: `pi_of_${id}`,
      subjectId: `pi_of_${id}`,
      createdAt: new Date(),
      ...more,
    })
    const old = new Date(Date.now() - 3_600_000)
    await world.db.stripeEvent.createMany({
      data: [
        event("evt_failed", { status: "failed", attempts: 25 }),
        event("evt_poison", { status: "failed", attempts: 50 }),
        event("evt_forgotten", { status: "received", receivedAt: old }),
        event("evt_new", { status: "received" }),
        event("evt_done", { status: "processed", receivedAt: old }),
      ],
    })
    const jobs = async () => {
      const rows = await world.db.$queryRaw<{ key: string }[]>`
        SELECT key FROM graphile_worker.jobs WHERE key LIKE 'stripe-events:pi\_of\_%' ORDER BY key`
      return rows.map(({ key }) => key.replace("stripe-events:pi_of_", ""))
    }
    expect((await reconcileOnce(world.db)).events.retried).toBe(2)
    expect(await jobs()).toEqual(["evt_failed", "evt_forgotten"])
    expect((await reconcileOnce(world.db, { retryAllEvents: true })).events.retried).toBe(3)
    expect(await jobs()).toEqual(["evt_failed", "evt_forgotten", "evt_poison"])
  })

  test("of another team are left when one is looked at", async () => {
    await pay()
    const { id: customerId } = await world.db.stripeCustomer.findFirstOrThrow({ where: { teamId: team.id } })
    const failed = { type: "payment_intent.succeeded", status: "failed" as const, createdAt: new Date() }
    await world.db.stripeEvent.createMany({
      data: [
        { ...failed, id: "evt_own", objectId: "pi_own", subjectId: "pi_own", customerId },
        { ...failed, id: "evt_other", objectId: "pi_other", subjectId: "pi_other", customerId: "cus_other" },
      ],
    })
    expect((await reconcileOnce(world.db, { teamId: team.id })).events.retried).toBe(1)
  })
})
