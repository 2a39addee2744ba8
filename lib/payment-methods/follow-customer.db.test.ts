import { afterEach, beforeEach, describe, expect, test } from "vitest"
import { attachCard, customerOf, readAtStripe, readCopy } from "@/dev/testing/payment-methods"
import { payCheckout, startTestPurchase } from "@/dev/testing/purchases"
import { createTestTeam, type TestTeam } from "@/dev/testing/teams"
import { receiveWebhooks, sendEvent, workInbox } from "@/dev/testing/webhooks"
import { testWorld } from "@/dev/testing/world"
import { processStripeEvents } from "@/lib/jobs/process-stripe-events"
import { stripeAt, until } from "@/stand-in/testing"
import { listPaymentMethods } from "./queries"

const world = testWorld()
receiveWebhooks(world)
let team: TestTeam

beforeEach(async () => {
  team = await createTestTeam(world.db)
})
afterEach(async () => {
  await world.stripe.control.reset()
  await world.db.stripeEvent.deleteMany()
})

const stripe = () => stripeAt(world.stripe.url)
const HELD = /^(payment_method|setup_intent\.succeeded|customer\.(updated|deleted))/

/** Works the inbox off once the stand-in's event on its way has arrived. */
async function workInboxWith(type: string): Promise<[string, string][]> {
  await until(
    () => world.db.stripeEvent.count({ where: { type, status: { in: ["received", "failed"] } } }),
    (count) => count > 0,
  )
  return workInbox(world)
}

async function expectSame(): Promise<void> {
  expect(await readCopy(world, team)).toEqual(await readAtStripe(world, team))
}

/** Two cards come, the default changes, one gets another date, one goes. Every event is held back. */
async function live(): Promise<string[]> {
  const customer = await customerOf(world, team)
  await world.stripe.control.webhookRule({ action: "drop", customer })
  const first = await attachCard(world, team)
  const second = await attachCard(world, team, "pm_card_mastercard")
  await stripe().customers.update(customer, { invoice_settings: { default_payment_method: first.id } })
  await stripe().customers.update(customer, { invoice_settings: { default_payment_method: second.id } })
  await world.stripe.control.updateCard(second.id, { exp_month: 2, exp_year: 2041, automatic: true })
  await stripe().setupIntents.create({
    customer,
    confirm: true,
    payment_method: "pm_card_amex",
    return_url: "http://localhost:3000/",
  })
  await stripe().paymentMethods.detach(first.id)
  await world.stripe.control.clearWebhookRules()
  const { data } = await world.stripe.control.events({ customer })
  return data.filter(({ type }) => HELD.test(type)).map(({ id }) => id)
}

const shuffle = <T>(all: T[]): T[] => all.toSorted(() => Math.random() - 0.5)

describe("events about what a customer is charged with", () => {
  test.each([
    ["in their order", (ids: string[]) => ids],
    ["backwards", (ids: string[]) => ids.toReversed()],
    ["in any order, each twice", (ids: string[]) => shuffle([...ids, ...ids])],
    ["alone, the oldest", (ids: string[]) => ids.slice(-1)],
    ["alone, the newest", (ids: string[]) => ids.slice(0, 1)],
  ])("delivered %s end in what Stripe has", async (_, order) => {
    const ids = await live()
    expect(ids.length).toBeGreaterThan(6)
    for (const id of order(ids)) await world.stripe.control.deliver(id)
    const worked = await workInbox(world)
    expect(new Set(worked.map(([, status]) => status))).toEqual(new Set(["processed"]))
    await expectSame()
    expect(await listPaymentMethods(world.db, team.id, new Date())).toMatchObject([
      { name: "Mastercard •••• 4444", expires: { on: "02/41" }, isDefault: true },
      { name: "American Express •••• 0005", isDefault: false },
    ])
  })

  test("worked off all at once end in what Stripe has", async () => {
    for (const id of await live()) await world.stripe.control.deliver(id)
    const events = await world.db.stripeEvent.findMany()
    await Promise.all(
      events.map(({ subjectId }) => processStripeEvents({ db: world.db, now: new Date() }, subjectId)),
    )
    await expectSame()
  })

  test("that were dealt with once and come again much later take nothing back", async () => {
    const ids = await live()
    for (const id of ids) await world.stripe.control.deliver(id)
    await workInbox(world)
    const customer = await customerOf(world, team)
    const [default_payment_method] = (await readAtStripe(world, team)).ids
    await stripe().customers.update(customer, { invoice_settings: { default_payment_method } })
    await world.db.stripeEvent.deleteMany()
    for (const id of ids) await world.stripe.control.deliver(id)
    await workInbox(world)
    await expectSame()
    expect((await readCopy(world, team)).defaultId).toBe(default_payment_method)
  })

  test("stay in sight while Stripe is down, and are worked off afterwards", async () => {
    const { id } = await attachCard(world, team)
    await world.stripe.control.fault({ match: { method: "GET" }, times: 99, fault: { kind: "reset" } })
    const failed = await workInboxWith("payment_method.attached")
    expect(failed).toContainEqual(["payment_method.attached", "failed"])
    await world.stripe.control.clearFaults()
    await workInbox(world)
    expect(await readCopy(world, team)).toEqual({ defaultId: id, ids: [id] })
  })

  test("of customers that aren’t ours, or of none, are ignored", async () => {
    for (const object of [
      { id: "pm_stray", customer: null },
      { id: "pm_stray", customer: "cus_somebody" },
      { id: "cus_somebody" },
    ])
      await sendEvent({ type: "payment_method.attached", data: { object } })
    expect(new Set((await workInbox(world)).map(([, status]) => status))).toEqual(new Set(["ignored"]))
  })
})

test("a deleted customer leaves no card, and the next purchase makes another customer", async () => {
  await attachCard(world, team)
  await workInboxWith("payment_method.attached")
  const gone = await customerOf(world, team)
  await stripe().customers.del(gone)
  const worked = await workInboxWith("customer.deleted")
  expect(worked).toContainEqual(["customer.deleted", "processed"])
  expect(await readCopy(world, team)).toEqual({ defaultId: null, ids: [] })
  await startTestPurchase(world, team)
  expect(await customerOf(world, team)).not.toBe(gone)
})

test("a card that was entered while buying is there afterwards, and the default if there was none", async () => {
  const purchase = await startTestPurchase(world, team)
  await payCheckout(world, purchase.sessionId)
  await workInboxWith("payment_method.attached")
  const { ids, defaultId } = await readCopy(world, team)
  expect(ids).toHaveLength(1)
  expect(defaultId).toBe(ids[0])
  await expectSame()
  const second = await startTestPurchase(world, team)
  await world.stripe.control.pay(second.sessionId, { payment_method: "pm_card_mastercard" })
  await workInboxWith("payment_method.attached")
  await expectSame()
  expect(await readCopy(world, team)).toMatchObject({ defaultId })
  expect((await readCopy(world, team)).ids).toHaveLength(2)
})
