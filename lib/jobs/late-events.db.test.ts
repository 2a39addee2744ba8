import { afterEach, beforeEach, describe, expect, test } from "vitest"
import { readPool, usd } from "@/dev/testing/ledger"
import { payCheckout, readPurchase, startTestPurchase, type TestPurchase } from "@/dev/testing/purchases"
import { createTestTeam, type TestTeam } from "@/dev/testing/teams"
import { receiveWebhooks, workInbox } from "@/dev/testing/webhooks"
import { testWorld } from "@/dev/testing/world"
import { HOUR_MS } from "@/lib/clock"
import { until } from "@/stand-in/testing"
import { settleOverduePurchase } from "./settle-overdue-purchase"

const world = testWorld()
receiveWebhooks(world)
let team: TestTeam

beforeEach(async () => {
  team = await createTestTeam(world.db)
})
afterEach(async () => {
  await world.stripe.control.clearWebhookRules()
  await world.stripe.control.reset()
  await world.db.stripeEvent.deleteMany()
  await world.db.rateLimit.deleteMany()
})

/** The stand-in's time, which these tests move forward by days. */
const now = async () => new Date((await world.stripe.control.clock()).now_ms)
const start = async () => startTestPurchase(world, team, { now: await now() })
const statusOf = async ({ ref }: TestPurchase) => (await readPurchase(world, ref)).status
const balance = async () =>
  (await readPool(world.db, { teamId: team.id, poolId: team.owner.poolId })).creditsNanos

const MONEY_TYPES = ["checkout.session.completed", "payment_intent.succeeded"]

/** Returns for each purchase whether both events about its money have come in. */
async function arrived(purchases: TestPurchase[]): Promise<boolean[]> {
  const kept = await world.db.stripeEvent.findMany({ where: { type: { in: MONEY_TYPES } } })
  const objects = new Set(kept.map(({ objectId }) => objectId))
  const payments = (await world.stripe.control.payments()).data
  return purchases.map(({ sessionId, publicId }) => {
    const payment = payments.find(({ metadata }) => metadata.purchase_id === publicId)
    return objects.has(sessionId) && objects.has(payment?.id ?? "")
  })
}
const all = (flags: boolean[]) => flags.every(Boolean)

describe("a payment", () => {
  test("is credited once when its events come hours or three days late", async () => {
    const purchases: TestPurchase[] = []
    for (const hours of [1, 24, 72]) {
      await world.stripe.control.clearWebhookRules()
      await world.stripe.control.webhookRule({ action: "delay", ms: hours * HOUR_MS })
      const purchase = await start()
      await payCheckout(world, purchase.sessionId)
      purchases.push(purchase)
    }
    for (const [passed, hours] of [1, 23, 48].entries()) {
      expect(await Promise.all(purchases.map(statusOf))).toEqual(
        purchases.map((_, index) => (index < passed ? "succeeded" : "open")),
      )
      await world.stripe.control.advance(hours * HOUR_MS)
      await until(() => arrived(purchases.slice(passed, passed + 1)), all, 20_000)
      await workInbox(world, await now())
    }
    expect(await Promise.all(purchases.map(statusOf))).toEqual(["succeeded", "succeeded", "succeeded"])
    expect(await balance()).toBe(usd(75))
    expect(await world.db.entry.count({ where: { teamId: team.id } })).toBe(3)
  }, 90_000)

  test("that succeeds after two days is credited by the settling job, though no event ever came", async () => {
    await world.stripe.control.webhookRule({ action: "drop" })
    const purchase = await start()
    await world.stripe.control.nextPayment({ kind: "processing", customer: purchase.customerId })
    await world.stripe.control.pay(purchase.sessionId)
    const settle = async () => settleOverduePurchase({ db: world.db, now: await now() }, purchase.ref)
    for (const hours of [1, 24, 23]) {
      await world.stripe.control.advance(hours * HOUR_MS)
      await settle()
      expect(await statusOf(purchase)).toBe("processing")
    }
    await world.stripe.control.settle(purchase.sessionId, { outcome: "succeed" })
    await settle()
    expect(await statusOf(purchase)).toBe("succeeded")
    expect(await balance()).toBe(usd(25))
  })
})

/**
 * Each fault hits a third of the calls in turn. Only a separate try fails, because the SDK repeats some of them
 * itself.
 */
const TROUBLES = [
  { kind: "status", status: 429 },
  { kind: "reset" },
  { kind: "status", status: 500, should_retry: false },
  { kind: "status", status: 429 },
  { kind: "bad_json" },
  { kind: "hang", ms: 30 },
  { kind: "answer_lost" },
  { kind: "status", status: 429 },
] as const

test("five payments are credited once each while a third of Stripe’s answers fail and webhooks come thrice, shuffled", async () => {
  await world.stripe.control.webhookRule({ action: "duplicate", times_each: 3 })
  await world.stripe.control.webhookRule({ action: "shuffle", within_ms: 200 })
  const purchases: TestPurchase[] = []
  for (let index = 0; index < 5; index += 1) purchases.push(await start())
  for (let call = 0; call < 60; call += 3) {
    const fault = TROUBLES[(call / 3) % TROUBLES.length]
    if (fault) await world.stripe.control.fault({ match: { method: "GET" }, after: call, fault })
  }
  for (const { sessionId } of purchases) await payCheckout(world, sessionId)

  const work = async () => {
    await Promise.all([workInbox(world), workInbox(world), workInbox(world)])
    const statuses = await Promise.all(purchases.map(statusOf))
    const waiting = await world.db.stripeEvent.count({ where: { status: { in: ["received", "failed"] } } })
    return waiting === 0 && statuses.every((status) => status === "succeeded")
  }
  await until(() => arrived(purchases), all, 20_000)
  await until(work, (isDone) => isDone, 60_000)
  const { data } = await world.stripe.control.requests({ method: "GET" })
  expect(data.filter(({ status }) => status === 429).length).toBeGreaterThan(2)
  expect(await world.db.stripeEvent.count({ where: { type: { in: MONEY_TYPES } } })).toBe(10)
  expect(await balance()).toBe(usd(125))
  expect(await world.db.entry.count({ where: { teamId: team.id } })).toBe(5)
}, 90_000)
