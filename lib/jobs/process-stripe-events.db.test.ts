import { afterEach, beforeEach, describe, expect, test } from "vitest"
import { readPool, usd } from "@/dev/testing/ledger"
import {
  askForPurchase,
  crashAfter,
  payCheckout,
  readPurchase,
  startTestPurchase,
  type TestPurchase,
} from "@/dev/testing/purchases"
import { createTestTeam, type TestTeam } from "@/dev/testing/teams"
import { receiveWebhooks, sendEvent, workInbox } from "@/dev/testing/webhooks"
import { testWorld } from "@/dev/testing/world"
import { stripeAt, until } from "@/stand-in/testing"
import { processStripeEvents } from "./process-stripe-events"

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
})

const balance = async () =>
  (await readPool(world.db, { teamId: team.id, poolId: team.owner.poolId })).creditsNanos

/** Waits until the inbox holds an event of the type about this purchase's payment. */
const arrived = (type: string, count = 1) =>
  until(
    () => world.db.stripeEvent.count({ where: { type } }),
    (seen) => seen >= count,
  )

const KINDS = ["checkout.session.completed", "payment_intent.succeeded", "charge.succeeded"] as const
const orders = KINDS.flatMap((first) =>
  KINDS.filter((second) => second !== first).map((second) => [
    first,
    second,
    KINDS.find((third) => third !== first && third !== second) ?? first,
  ]),
)

async function sendAbout(type: string, purchase: TestPurchase, payment: string): Promise<void> {
  const id = type.startsWith("checkout") ? purchase.sessionId : type.startsWith("charge") ? "ch_1" : payment
  expect(await sendEvent({ type, data: { object: { id } } })).toBe(200)
  await workInbox(world)
}

describe("a payment", () => {
  test.each(orders)("is credited once when %s, %s, %s arrive in this order", async (...types) => {
    await world.stripe.control.webhookRule({ action: "drop" })
    const purchase = await startTestPurchase(world, team)
    const payment = await payCheckout(world, purchase.sessionId)
    for (const type of types) await sendAbout(type, purchase, payment)
    expect(await balance()).toBe(usd(25))
    expect(await world.db.entry.count({ where: { teamId: team.id } })).toBe(1)
  })

  test("is credited by the webhooks that Stripe sends, each of them doubled and shuffled", async () => {
    await world.stripe.control.webhookRule({ action: "duplicate", times_each: 5 })
    await world.stripe.control.webhookRule({ action: "shuffle", within_ms: 100 })
    const purchase = await startTestPurchase(world, team)
    await payCheckout(world, purchase.sessionId)
    await arrived("payment_intent.succeeded")
    await arrived("checkout.session.completed")
    const worked = await Promise.all([workInbox(world), workInbox(world), workInbox(world)])
    expect(new Set(worked.flat().map(([, status]) => status))).toEqual(new Set(["processed"]))
    expect(await balance()).toBe(usd(25))
  })

  test("is read from Stripe once, whatever has been said about it by then", async () => {
    await world.stripe.control.webhookRule({ action: "duplicate", times_each: 3 })
    const { sessionId } = await startTestPurchase(world, team)
    const payment = await payCheckout(world, sessionId)
    await arrived("payment_intent.succeeded")
    await arrived("checkout.session.completed")
    await sendEvent({ type: "payment_intent.processing", data: { object: { id: payment } } })
    const worked = await workInbox(world)
    expect(new Set(worked.map(([, status]) => status))).toEqual(new Set(["processed"]))
    const { data } = await world.stripe.control.requests({ method: "GET" })
    const paths = data
      .map(({ path }) => path)
      .filter((path) => path.includes(sessionId) || path.includes(payment))
    expect(paths).toEqual([`/v1/checkout/sessions/${sessionId}`])
    expect(await balance()).toBe(usd(25))
  })

  test("of which one object can’t be read is credited all the same, and what failed stays in sight", async () => {
    await world.stripe.control.webhookRule({ action: "drop" })
    const { sessionId } = await startTestPurchase(world, team)
    const payment = await payCheckout(world, sessionId)
    const fault = { kind: "status", status: 500, should_retry: false } as const
    await world.stripe.control.fault({ match: { path: "/v1/disputes/du_1" }, times: 9, fault })
    for (const [type, id] of [
      ["charge.dispute.created", "du_1"],
      ["checkout.session.completed", sessionId],
    ])
      await sendEvent({ type, data: { object: { id, payment_intent: payment } } })
    const ctx = { db: world.db, now: new Date() }
    await expect(processStripeEvents(ctx, payment)).rejects.toThrow("Stripe can’t be reached.")
    expect(await world.db.stripeEvent.findMany({ orderBy: { objectId: "asc" } })).toMatchObject([
      { objectId: sessionId, status: "processed", attempts: 1 },
      { objectId: "du_1", status: "failed", attempts: 1, lastError: "Stripe can’t be reached." },
    ])
    expect(await balance()).toBe(usd(25))
  })

  test("is credited when its event is processed again after a failure", async () => {
    const purchase = await startTestPurchase(world, team)
    await payCheckout(world, purchase.sessionId)
    await arrived("payment_intent.succeeded")
    await arrived("checkout.session.completed")
    await world.stripe.control.fault({ match: { method: "GET" }, times: 99, fault: { kind: "reset" } })
    await workInbox(world)
    const type = { in: ["payment_intent.succeeded", "checkout.session.completed"] }
    const failed = { status: "failed", attempts: 1, lastError: "Stripe can’t be reached." }
    expect(await world.db.stripeEvent.findMany({ where: { type } })).toMatchObject([failed, failed])
    expect(await balance()).toBe(0n)
    await world.stripe.control.clearFaults()
    const [event] = (await world.stripe.control.events({ type: "payment_intent.succeeded" })).data.slice(-1)
    expect(await world.stripe.control.deliver(event?.id ?? "")).toMatchObject({ statuses: [200] })
    await workInbox(world)
    await workInbox(world)
    expect(await balance()).toBe(usd(25))
  })

  test("is credited once though its first processing took too long and was given up", async () => {
    await world.stripe.control.webhookRule({ action: "drop" })
    const { sessionId } = await startTestPurchase(world, team)
    await payCheckout(world, sessionId)
    await sendEvent({ id: "evt_slow", data: { object: { id: sessionId } } })
    await world.stripe.control.fault({ match: { method: "GET" }, fault: { kind: "hang", ms: 400 } })
    const ctx = { db: world.db, now: new Date() }
    await expect(processStripeEvents(ctx, sessionId, 50)).rejects.toThrow("Took longer than 50 ms")
    expect(await world.db.stripeEvent.findMany()).toMatchObject([
      { status: "failed", attempts: 1, lastError: "Took longer than 50 ms" },
    ])
    await processStripeEvents(ctx, sessionId)
    // Work that was given up ends by itself, late.
    await until(
      () => world.stripe.control.requests({ method: "GET", path: `/v1/checkout/sessions/${sessionId}` }),
      ({ data }) => data.filter(({ status }) => status === 200).length === 2,
    )
    expect(await world.db.stripeEvent.findMany()).toMatchObject([{ status: "processed", attempts: 2 }])
    expect(await balance()).toBe(usd(25))
  })

  test("is credited though its webhook arrives before the session was written down", async () => {
    await expect(askForPurchase(world, team, { db: crashAfter(world.db, 1) })).rejects.toThrow("ended here")
    const { id } = await world.db.purchase.findFirstOrThrow({ where: { teamId: team.id } })
    const [session] = (await stripeAt(world.stripe.url).checkout.sessions.list({ limit: 1 })).data
    await payCheckout(world, session?.id ?? "")
    await arrived("checkout.session.completed")
    await workInbox(world)
    expect(await readPurchase(world, { teamId: team.id, purchaseId: id })).toMatchObject({
      status: "succeeded",
      checkoutSessionId: null,
    })
    expect(await balance()).toBe(usd(25))
  })

  test("that is processing is credited by the event of its success, and an older event changes nothing", async () => {
    const purchase = await startTestPurchase(world, team)
    await world.stripe.control.nextPayment({ kind: "processing", customer: purchase.customerId })
    await world.stripe.control.pay(purchase.sessionId)
    await arrived("checkout.session.completed")
    await workInbox(world)
    expect(await readPurchase(world, purchase.ref)).toMatchObject({ status: "processing" })
    await world.stripe.control.settle(purchase.sessionId, { outcome: "succeed" })
    await arrived("checkout.session.async_payment_succeeded")
    await workInbox(world)
    for (const type of [
      "payment_intent.processing",
      "payment_intent.payment_failed",
      "checkout.session.expired",
    ])
      await sendAbout(type, purchase, (await readPurchase(world, purchase.ref)).paymentIntentId ?? "")
    expect(await readPurchase(world, purchase.ref)).toMatchObject({ status: "succeeded" })
    expect(await balance()).toBe(usd(25))
  })
})
