import { afterEach, beforeEach, describe, expect, test } from "vitest"
import { stripeAt } from "@/e2e/stripe/testing"
import { watchAlarms } from "@/e2e/testing/alarms"
import { readEntries, readPool, usd } from "@/e2e/testing/ledger"
import { payCheckout, readPurchase, startTestPurchase, type TestPurchase } from "@/e2e/testing/purchases"
import { createTestTeam, type TestTeam } from "@/e2e/testing/teams"
import { sendEvent, workInbox } from "@/e2e/testing/webhooks"
import { testWorld } from "@/e2e/testing/world"
import { recordDispute } from "@/lib/disputes/record-dispute"
import { settlePurchase } from "@/lib/purchases/settle-purchase"
import { recordRefund, recordRefundsOfCharge } from "./record-refund"

const world = testWorld()
const alarms = watchAlarms()
const stripe = () => stripeAt(world.stripe.url)
let team: TestTeam
let purchase: TestPurchase
let charge: string
let payment: string

beforeEach(async () => {
  team = await createTestTeam(world.db)
  purchase = await startTestPurchase(world, team)
  payment = await payCheckout(world, purchase.sessionId)
  charge = String((await stripe().paymentIntents.retrieve(payment)).latest_charge)
})
afterEach(async () => {
  await world.stripe.control.clearFaults()
  await world.db.stripeEvent.deleteMany()
})

const ctx = () => ({ db: world.db, now: new Date() })
const settle = () => settlePurchase(ctx(), purchase.ref)
const pool = () => readPool(world.db, { teamId: team.id, poolId: team.owner.poolId })
const kinds = async () =>
  (await readEntries(world.db, { teamId: team.id, poolId: team.owner.poolId })).map(({ kind }) => kind)
const hear = (objectId: string, handler = recordRefund) =>
  handler(ctx(), { id: "evt_test", type: "test", objectId, customerId: null })

describe("a refund made in the Dashboard", () => {
  test("is taken back by the webhooks that Stripe sends about it, all of them twice and in reverse", async () => {
    await settle()
    const { id } = await world.stripe.control.refund(charge, { amount: 1000, reason: "duplicate" })
    const { data } = await world.stripe.control.events({ customer: purchase.customerId })
    const about = data.filter(({ type }) => /refund/.test(type)).reverse()
    expect(about.map(({ type }) => type)).toEqual(
      expect.arrayContaining(["refund.created", "charge.refunded", "refund.updated"]),
    )
    for (const { id: eventId, type, data: body } of [...about, ...about]) {
      expect(await sendEvent({ id: eventId, type, data: body })).toBe(200)
      await workInbox(world)
    }
    expect(await world.db.stripeEvent.groupBy({ by: ["status"] })).toMatchObject([{ status: "processed" }])
    expect(await pool()).toMatchObject({ creditsNanos: usd(15) })
    expect(await kinds()).toEqual(["purchase", "refund"])
    expect(await world.db.refund.findMany({ where: { teamId: team.id } })).toMatchObject([
      { stripeRefundId: id, amountNanos: usd(10), status: "succeeded", reason: "duplicate" },
    ])
  })

  test("whose webhooks were all lost is found again through its charge", async () => {
    await settle()
    for (const amount of [500, 250, 125]) await world.stripe.control.refund(charge, { amount })
    expect(await hear(charge, recordRefundsOfCharge)).toBe("processed")
    expect(await pool()).toMatchObject({ creditsNanos: usd(16.25) })
  })

  test("counts each by its own amount, though the charge tells their sum", async () => {
    await settle()
    for (const amount of [500, 700]) {
      await world.stripe.control.refund(charge, { amount })
      await hear(charge, recordRefundsOfCharge)
    }
    expect(await pool()).toMatchObject({ creditsNanos: usd(13) })
  })

  test("on a charge with more refunds than a page of Stripe’s has all of them counted", async () => {
    await settle()
    for (let made = 0; made < 103; made++) await world.stripe.control.refund(charge, { amount: 1 })
    await hear(charge, recordRefundsOfCharge)
    expect(await pool()).toMatchObject({ creditsNanos: usd(23.97) })
  })

  test("before its payment was credited waits, and credit and refund come to nothing", async () => {
    const { id } = await world.stripe.control.refund(charge)
    expect(await hear(id)).toBe("processed")
    expect(await kinds()).toEqual([])
    expect(await pool()).toMatchObject({ creditsNanos: 0n, debtNanos: 0n })
    await settle()
    await hear(id)
    expect(await kinds()).toEqual(["purchase", "refund"])
    expect(await pool()).toMatchObject({ creditsNanos: 0n, debtNanos: 0n, lifetimeAddedNanos: usd(25) })
  })

  test("at the same moment as its payment is credited is neither lost nor counted twice", async () => {
    const { id } = await world.stripe.control.refund(charge, { amount: 1000 })
    await Promise.all([settle(), hear(id), settle(), hear(id), hear(charge, recordRefundsOfCharge), settle()])
    expect(await pool()).toMatchObject({ creditsNanos: usd(15) })
    expect(await kinds()).toEqual(["purchase", "refund"])
  })

  test("of a payment that was parked takes nothing from the pool", async () => {
    const other = await startTestPurchase(world, team)
    await world.stripe.control.nextPayment({
      kind: "capture_as",
      currency: "jpy",
      amount: 3800,
      customer: other.customerId,
    })
    const parked = await payCheckout(world, other.sessionId)
    await settlePurchase(ctx(), other.ref)
    const intent = await stripe().paymentIntents.retrieve(parked)
    const { id } = await world.stripe.control.refund(String(intent.latest_charge))
    expect(await hear(id)).toBe("ignored")
    expect(await kinds()).toEqual([])
    expect(alarms.codes()).toEqual(["payment_parked", "refund_in_other_currency"])
  })

  test("that fails later gives its credits back once", async () => {
    await settle()
    const { id } = await world.stripe.control.refund(charge, { amount: 1000, status: "succeeded" })
    await hear(id)
    await world.stripe.control.failRefund(id, { reason: "lost_or_stolen_card" })
    for (let times = 0; times < 2; times++) await hear(id)
    expect(await pool()).toMatchObject({ creditsNanos: usd(25) })
    expect(await kinds()).toEqual(["purchase", "refund", "adjustment"])
  })

  test("that is pending has taken its credits, and gives them back when it is cancelled", async () => {
    await settle()
    const { id } = await world.stripe.control.refund(charge, { amount: 1000, status: "requires_action" })
    await hear(id)
    expect(await pool()).toMatchObject({ creditsNanos: usd(15) })
    await world.stripe.control.cancelRefund(id)
    await hear(id)
    expect(await pool()).toMatchObject({ creditsNanos: usd(25) })
  })
})

describe("a refund", () => {
  test("of a payment that no purchase of ours asked for is kept and moves nothing", async () => {
    const intent = await stripe().paymentIntents.create({
      amount: 9900,
      currency: "usd",
      customer: purchase.customerId,
      payment_method: "pm_card_visa",
      allowed_payment_method_types: ["card"],
      confirm: true,
      metadata: { purchase_id: purchase.publicId },
    })
    const { id } = await world.stripe.control.refund(String(intent.latest_charge))
    await settle()
    expect(await hear(id)).toBe("processed")
    expect(await pool()).toMatchObject({ creditsNanos: usd(25) })
  })

  test("never reaches the team that its metadata names", async () => {
    await settle()
    const stranger = await stripe().customers.create({})
    const metadata = { purchase_id: purchase.publicId, team_id: team.id }
    const intent = await stripe().paymentIntents.create({
      amount: 9900,
      currency: "usd",
      customer: stranger.id,
      payment_method: "pm_card_visa",
      allowed_payment_method_types: ["card"],
      confirm: true,
      metadata,
    })
    const refund = await stripe().refunds.create({ payment_intent: intent.id, metadata })
    expect(await hear(refund.id)).toBe("ignored")
    expect(await pool()).toMatchObject({ creditsNanos: usd(25) })
  })

  test("stays failed, in sight, while Stripe doesn’t know it", async () => {
    await sendEvent({ type: "refund.created", data: { object: { id: "re_from_somewhere_else" } } })
    expect(await workInbox(world)).toEqual([["refund.created", "failed"]])
  })

  test("is heard of again when Stripe couldn’t be asked", async () => {
    await settle()
    const { id } = await world.stripe.control.refund(charge, { amount: 1000 })
    const match = { method: "GET" as const, path: "/v1/refunds*" }
    await world.stripe.control.fault({ match, times: 9, fault: { kind: "status", status: 500 } })
    await expect(hear(id)).rejects.toThrow("Stripe can’t be reached")
    await world.stripe.control.clearFaults()
    await hear(id)
    expect(await pool()).toMatchObject({ creditsNanos: usd(15) })
  })
})

describe("a dispute", () => {
  test("takes its amount without the fee and returns it when it is won", async () => {
    await settle()
    const { id } = await world.stripe.control.dispute(charge, { amount: 2000 })
    expect(await hear(id, recordDispute)).toBe("processed")
    expect(await pool()).toMatchObject({ creditsNanos: usd(5) })
    await world.stripe.control.closeDispute(id, "won")
    for (let times = 0; times < 2; times++) await hear(id, recordDispute)
    expect(await pool()).toMatchObject({ creditsNanos: usd(25) })
    expect(await kinds()).toEqual(["purchase", "dispute", "dispute_reversal"])
  })

  test("by the webhooks that Stripe sends about it, each twice and in reverse, ends as it should", async () => {
    await settle()
    const { id } = await world.stripe.control.dispute(charge)
    await world.stripe.control.closeDispute(id, "lost")
    const { data } = await world.stripe.control.events()
    const about = data.filter(
      ({ type, data: body }) => /dispute/.test(type) && "id" in body.object && body.object.id === id,
    )
    expect(about.length).toBeGreaterThan(2)
    for (const { id: eventId, type, data: body } of [...about.reverse(), ...about]) {
      await sendEvent({ id: eventId, type, data: body })
      await workInbox(world)
    }
    expect(await pool()).toMatchObject({ creditsNanos: 0n })
    expect(await kinds()).toEqual(["purchase", "dispute"])
    expect(await world.db.dispute.findMany({ where: { teamId: team.id } })).toMatchObject([
      { status: "lost" },
    ])
  })

  test("that is only an inquiry takes nothing until the bank goes on with it", async () => {
    await settle()
    const { id } = await world.stripe.control.dispute(charge, { inquiry: true })
    await hear(id, recordDispute)
    expect(await kinds()).toEqual(["purchase"])
    await world.stripe.control.escalateDispute(id)
    await hear(id, recordDispute)
    expect(await kinds()).toEqual(["purchase", "dispute"])
  })

  test("before its payment was credited waits, and credit and dispute come to nothing", async () => {
    const { id } = await world.stripe.control.dispute(charge)
    expect(await hear(id, recordDispute)).toBe("processed")
    expect(await kinds()).toEqual([])
    await settle()
    expect(await pool()).toMatchObject({ creditsNanos: 0n, debtNanos: 0n })
  })

  test("that a bank only warns of has no effect", async () => {
    await settle()
    const warning = await world.stripe.control.warnOfFraud(charge)
    await sendEvent({ type: "radar.early_fraud_warning.created", data: { object: { id: warning.id } } })
    expect(await workInbox(world)).toEqual([])
    expect(await kinds()).toEqual(["purchase"])
  })
})

test("a receipt stays where it was", async () => {
  await settle()
  const { receiptUrl } = await readPurchase(world, purchase.ref)
  await world.stripe.control.refund(charge)
  await hear(charge, recordRefundsOfCharge)
  expect(receiptUrl).toBeTruthy()
  expect((await readPurchase(world, purchase.ref)).receiptUrl).toBe(receiptUrl)
})
