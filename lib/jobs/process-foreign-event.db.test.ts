import { afterEach, beforeEach, describe, expect, test, vi } from "vitest"
import { watchAlarms } from "@/dev/testing/alarms"
import { readPool, usd } from "@/dev/testing/ledger"
import { payCheckout, readPurchase, startTestPurchase } from "@/dev/testing/purchases"
import { createTestTeam, type TestTeam } from "@/dev/testing/teams"
import { sendEvent, workInbox } from "@/dev/testing/webhooks"
import { testWorld } from "@/dev/testing/world"
import { log } from "@/lib/log"
import { sessionParams, stripeAt, subscriptionSession, until } from "@/stand-in/testing"

const world = testWorld()
const alarms = watchAlarms()
let team: TestTeam

beforeEach(async () => {
  team = await createTestTeam(world.db)
})
afterEach(() => world.db.stripeEvent.deleteMany())

const balance = async () =>
  (await readPool(world.db, { teamId: team.id, poolId: team.owner.poolId })).creditsNanos

describe("an event that isn’t about one of our purchases", () => {
  const stripe = () => stripeAt(world.stripe.url)

  async function payOutside(metadata: Record<string, string>, customer: string): Promise<string> {
    const intent = await stripe().paymentIntents.create({
      amount: 9900,
      currency: "usd",
      customer,
      metadata,
      payment_method: "pm_card_visa",
      confirm: true,
      return_url: "http://localhost:3000/",
    })
    expect(intent.status).toBe("succeeded")
    return intent.id
  }

  async function handle(objectId: string): Promise<[string, string][]> {
    await sendEvent({ data: { object: { id: objectId } } })
    return workInbox(world)
  }

  test("is ignored when its object names no purchase", async () => {
    const { customerId } = await startTestPurchase(world, team)
    expect(await handle(await payOutside({}, customerId))).toEqual([["payment_intent.succeeded", "ignored"]])
    expect(await balance()).toBe(0n)
  })

  test("credits nobody when nobody knows its customer, but parks the money with an alarm", async () => {
    const purchase = await startTestPurchase(world, team)
    const stranger = await stripe().customers.create({})
    const payment = await payOutside({ purchase_id: purchase.publicId }, stranger.id)
    await handle(payment)
    expect(await balance()).toBe(0n)
    expect(await world.db.parkedPayment.findMany({ where: { paymentIntentId: payment } })).toMatchObject([
      { teamId: null, amountMinor: 9900n, reason: "unknown_customer" },
    ])
    expect(alarms.codes()).toEqual(["payment_parked"])
  })

  test("never credits the team that its metadata names, but parks the money for the customer’s", async () => {
    const purchase = await startTestPurchase(world, team)
    const other = await createTestTeam(world.db)
    const foreign = await startTestPurchase(world, other)
    const metadata = { purchase_id: purchase.publicId, team_id: team.id }
    const payment = await payOutside(metadata, foreign.customerId)
    await handle(payment)
    expect(await balance()).toBe(0n)
    expect(await world.db.entry.count({ where: { teamId: other.id } })).toBe(0)
    expect(await readPurchase(world, purchase.ref)).toMatchObject({ status: "open" })
    expect(await world.db.parkedPayment.findMany({ where: { teamId: other.id } })).toMatchObject([
      { paymentIntentId: payment, amountMinor: 9900n, reason: "unknown_purchase" },
    ])
    expect(alarms.codes()).toEqual(["payment_parked"])
  })

  test("of a checkout that we didn’t open parks the money, though it names our purchase", async () => {
    const purchase = await startTestPurchase(world, team)
    const metadata = { purchase_id: purchase.publicId }
    const params = sessionParams({ customer: purchase.customerId, metadata })
    const session = await stripe().checkout.sessions.create(params)
    const payment = await payCheckout(world, session.id)
    await sendEvent({ type: "checkout.session.completed", data: { object: { id: session.id } } })
    expect(await workInbox(world)).toEqual([["checkout.session.completed", "ignored"]])
    expect(await balance()).toBe(0n)
    expect(await readPurchase(world, purchase.ref)).toMatchObject({ status: "open" })
    expect(await world.db.parkedPayment.findUnique({ where: { paymentIntentId: payment } })).toMatchObject({
      teamId: team.id,
      reason: "unknown_purchase",
    })
  })

  test("of a checkout that began a subscription credits nothing, and its payment is ignored", async () => {
    const purchase = await startTestPurchase(world, team)
    const session = await subscriptionSession(stripe(), {
      customer: purchase.customerId,
      metadata: { purchase_id: purchase.publicId },
    })
    await world.stripe.control.pay(session.id)
    const [payment] = (await world.stripe.control.payments({ customer: purchase.customerId })).data
    expect(await handle(session.id)).toEqual([["payment_intent.succeeded", "processed"]])
    expect(await handle(payment?.id ?? "")).toEqual([["payment_intent.succeeded", "ignored"]])
    expect(await balance()).toBe(0n)
    expect(await readPurchase(world, purchase.ref)).toMatchObject({ status: "open" })
    expect(await world.db.parkedPayment.count({ where: { teamId: team.id } })).toBe(0)
    expect(alarms.codes()).toEqual([])
  })

  test.each(["pi_from_somewhere_else", "cs_test_from_somewhere_else"])(
    "stays failed, in sight, while Stripe doesn’t know its object %s",
    async (objectId) => {
      expect(await handle(objectId)).toEqual([["payment_intent.succeeded", "failed"]])
      expect(await balance()).toBe(0n)
    },
  )

  test("doesn’t credit a purchase with another payment of the same customer that names it", async () => {
    const purchase = await startTestPurchase(world, team)
    const payment = await payOutside({ purchase_id: purchase.publicId }, purchase.customerId)
    await handle(payment)
    expect(await balance()).toBe(0n)
    expect(await world.db.parkedPayment.findMany({ where: { teamId: team.id } })).toMatchObject([
      { paymentIntentId: payment, reason: "unknown_purchase" },
    ])
  })

  test.each(["txr_1", "../customers", "cs_", "pi_1?expand=x", "evt_1/../../v1/refunds"])(
    "is ignored when its object is called %o",
    async (objectId) => {
      expect(await handle(objectId)).toEqual([["payment_intent.succeeded", "ignored"]])
      expect(await balance()).toBe(0n)
    },
  )

  test("of another API version is handled, because only its id is read", async () => {
    const purchase = await startTestPurchase(world, team)
    const id = await payCheckout(world, purchase.sessionId)
    const old = { id, status: "canceled", amount_received: 1, currency: "jpy", charges: { data: [] } }
    await sendEvent({ api_version: "2019-01-01", data: { object: old } })
    await workInbox(world)
    expect(await balance()).toBe(usd(25))
  })
})

describe("on an account that is shared with another product", () => {
  test("its invoices, subscriptions, refunds and disputes are ignored, told once and no alarm", async () => {
    const stripe = stripeAt(world.stripe.url)
    const said = vi.spyOn(log(), "info")
    const stranger = await stripe.customers.create({})
    const session = await subscriptionSession(stripe, { customer: stranger.id })
    await world.stripe.control.pay(session.id)
    const [subscription] = (await stripe.subscriptions.list({ customer: stranger.id })).data
    const [invoice] = (await stripe.invoices.list({ customer: stranger.id })).data
    const [payment] = (await world.stripe.control.payments({ customer: stranger.id })).data
    const refund = await stripe.refunds.create({ payment_intent: payment?.id })
    const ids = [String(subscription?.id), String(invoice?.id), refund.id]
    for (let times = 0; times < 2; times++)
      for (const id of ids) {
        await sendEvent({ data: { object: { id } } })
        expect((await workInbox(world)).map(([, status]) => status)).toEqual(["ignored"])
        await world.db.stripeEvent.deleteMany()
      }
    expect(alarms.codes()).toEqual([])
    const told = said.mock.calls.map(([facts]) => (facts as unknown as { object?: string }).object)
    expect(ids.map((id) => told.filter((each) => each === id).length)).toEqual([1, 1, 1])
  })

  test("an early fraud warning of ours alarms the operator, and a stranger’s doesn’t", async () => {
    const stripe = stripeAt(world.stripe.url)
    const { customerId } = await startTestPurchase(world, team)
    const stranger = await stripe.customers.create({})
    const alarmed: string[][] = []
    for (const customer of [customerId, stranger.id]) {
      const { latest_charge } = await stripe.paymentIntents.create({
        amount: 2500,
        currency: "usd",
        customer,
        payment_method: "pm_card_createIssuerFraudRecord",
        confirm: true,
        return_url: "http://localhost:3000/",
      })
      const charge = String(latest_charge)
      const [warning] = await until(
        async () => (await stripe.radar.earlyFraudWarnings.list({ charge })).data,
        (found) => found.length > 0,
      )
      await sendEvent({
        type: "radar.early_fraud_warning.created",
        data: { object: { id: String(warning?.id) } },
      })
      await workInbox(world)
      alarmed.push(alarms.codes().slice())
    }
    expect(alarmed).toEqual([["early_fraud_warning"], ["early_fraud_warning"]])
  })
})
