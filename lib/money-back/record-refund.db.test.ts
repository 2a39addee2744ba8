import { describe, expect, test } from "vitest"
import { watchAlarms } from "@/dev/testing/alarms"
import { usd } from "@/dev/testing/ledger"
import { testPaidCheckout } from "@/dev/testing/paid-checkout"
import { payCheckout, readPurchase, startTestPurchase } from "@/dev/testing/purchases"
import { connect, untilWaiting } from "@/dev/testing/sql"
import { sendEvent, workInbox } from "@/dev/testing/webhooks"
import { settlePurchase } from "@/lib/purchases/settle-purchase"
import { readRefundsOf } from "@/lib/stripe/read-refunds"
import { stripeAt } from "@/stand-in/testing"
import { recordRefund, recordRefundsOfCharge } from "./record-refund"

const paid = testPaidCheckout()
const { world, settle, pool, kinds } = paid
const alarms = watchAlarms()
const stripe = () => stripeAt(world.stripe.url)
const ctx = () => ({ db: world.db, now: new Date() })
const hear = (objectId: string, handler = recordRefund) =>
  handler(ctx(), { id: "evt_test", objectId, customerId: null })

describe("a refund made in the Dashboard", () => {
  test("is taken back by the webhooks that Stripe sends about it, all of them twice and in reverse", async () => {
    await settle()
    const { id } = await world.stripe.control.refund(paid.charge(), { amount: 1000, reason: "duplicate" })
    const { data } = await world.stripe.control.events({ customer: paid.purchase().customerId })
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
    expect(await world.db.refund.findMany({ where: { teamId: paid.team().id } })).toMatchObject([
      { stripeRefundId: id, amountNanos: usd(10), status: "succeeded", reason: "duplicate" },
    ])
  })

  test("whose webhooks were all lost is found again through its charge", async () => {
    await settle()
    for (const amount of [500, 250, 125]) await world.stripe.control.refund(paid.charge(), { amount })
    expect(await hear(paid.charge(), recordRefundsOfCharge)).toBe("processed")
    expect(await pool()).toMatchObject({ creditsNanos: usd(16.25) })
  })

  test("counts each by its own amount, though the charge tells their sum", async () => {
    await settle()
    for (const amount of [500, 700]) {
      await world.stripe.control.refund(paid.charge(), { amount })
      await hear(paid.charge(), recordRefundsOfCharge)
    }
    expect(await pool()).toMatchObject({ creditsNanos: usd(13) })
  })

  test("is found on a charge that has more refunds than a page of Stripe’s", async () => {
    await Promise.all(
      Array.from({ length: 101 }, () => world.stripe.control.refund(paid.charge(), { amount: 1 })),
    )
    const found = await readRefundsOf({ charge: paid.charge() })
    const ids = found.kind === "found" ? found.refunds.map(({ stripeRefundId }) => stripeRefundId) : []
    expect(new Set(ids).size).toBe(101)
  })

  test("before its payment was credited waits, and credit and refund come to nothing", async () => {
    const { id } = await world.stripe.control.refund(paid.charge())
    expect(await hear(id)).toBe("processed")
    expect(await kinds()).toEqual([])
    expect(await pool()).toMatchObject({ creditsNanos: 0n, debtNanos: 0n })
    await settle()
    await hear(id)
    expect(await kinds()).toEqual(["purchase", "refund"])
    expect(await pool()).toMatchObject({ creditsNanos: 0n, debtNanos: 0n, lifetimeAddedNanos: usd(25) })
  })

  test("at the same moment as its payment is credited is neither lost nor counted twice", async () => {
    const { id } = await world.stripe.control.refund(paid.charge(), { amount: 1000 })
    await Promise.all([
      settle(),
      hear(id),
      settle(),
      hear(id),
      hear(paid.charge(), recordRefundsOfCharge),
      settle(),
    ])
    expect(await pool()).toMatchObject({ creditsNanos: usd(15) })
    expect(await kinds()).toEqual(["purchase", "refund"])
  })

  test("that has looked for its payment’s credit and is about to be written keeps the credit waiting", async () => {
    const { id } = await world.stripe.control.refund(paid.charge(), { amount: 1000 })
    const barrier = await connect(world)
    await barrier.query("BEGIN")
    await barrier.query(
      `INSERT INTO refunds (team_id, stripe_refund_id, payment_intent_id, amount_nanos, status, read_no, occurred_at)
       VALUES ($1, $2, 'pi_barrier', 10000000, 'pending', 0, now())`,
      [paid.team().id, id],
    )
    const heard = hear(id)
    await untilWaiting(barrier, 1)
    const settled = settle()
    await untilWaiting(barrier, 2)
    await barrier.query("ROLLBACK")
    await barrier.end()
    await Promise.all([heard, settled])
    expect(await kinds()).toEqual(["purchase", "refund"])
  })

  test("of a payment that was parked takes nothing from the pool", async () => {
    const other = await startTestPurchase(world, paid.team())
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
    const { id } = await world.stripe.control.refund(paid.charge(), { amount: 1000, status: "succeeded" })
    await hear(id)
    await world.stripe.control.failRefund(id, { reason: "lost_or_stolen_card" })
    for (let times = 0; times < 2; times++) await hear(id)
    expect(await pool()).toMatchObject({ creditsNanos: usd(25) })
    expect(await kinds()).toEqual(["purchase", "refund", "adjustment"])
  })

  test("that is pending has taken its credits, and gives them back when it is cancelled", async () => {
    await settle()
    const { id } = await world.stripe.control.refund(paid.charge(), {
      amount: 1000,
      status: "requires_action",
    })
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
      customer: paid.purchase().customerId,
      payment_method: "pm_card_visa",
      allowed_payment_method_types: ["card"],
      confirm: true,
      metadata: { purchase_id: paid.purchase().publicId },
    })
    const { id } = await world.stripe.control.refund(String(intent.latest_charge))
    await settle()
    expect(await hear(id)).toBe("processed")
    expect(await pool()).toMatchObject({ creditsNanos: usd(25) })
  })

  test("never reaches the team that its metadata names", async () => {
    await settle()
    const stranger = await stripe().customers.create({})
    const metadata = { purchase_id: paid.purchase().publicId, team_id: paid.team().id }
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
    const { id } = await world.stripe.control.refund(paid.charge(), { amount: 1000 })
    const match = { method: "GET" as const, path: "/v1/refunds*" }
    await world.stripe.control.fault({ match, times: 9, fault: { kind: "status", status: 500 } })
    await expect(hear(id)).rejects.toThrow("Stripe can’t be reached")
    await world.stripe.control.clearFaults()
    await hear(id)
    expect(await pool()).toMatchObject({ creditsNanos: usd(15) })
  })
})

test("a receipt stays where it was", async () => {
  await settle()
  const { receiptUrl } = await readPurchase(world, paid.purchase().ref)
  await world.stripe.control.refund(paid.charge())
  await hear(paid.charge(), recordRefundsOfCharge)
  expect(receiptUrl).toBeTruthy()
  expect((await readPurchase(world, paid.purchase().ref)).receiptUrl).toBe(receiptUrl)
})
