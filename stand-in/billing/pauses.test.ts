import { describe, expect, test } from "vitest"
import { monthlyPrice, saveCard, standInPerTest } from "../testing"

const standIn = standInPerTest()
const DAY_MS = 24 * 3600 * 1000

async function subscribed(card = "pm_card_visa", more: { trial_period_days?: number } = {}) {
  const { stripe } = standIn
  const { customer, payment_method } = await saveCard(stripe, card)
  const price = await monthlyPrice(stripe)
  const subscription = await stripe.subscriptions.create({
    customer,
    items: [{ price: price.id }],
    default_payment_method: payment_method,
    ...more,
  })
  return { customer, id: subscription.id }
}

const typesOf = async (customer: string) =>
  (await standIn.control.events({ customer })).data.map((event) => event.type)

describe("pausing the collection", () => {
  test.each([
    ["keep_as_draft", "draft", null],
    ["void", "void", "invoice.voided"],
    ["mark_uncollectible", "uncollectible", "invoice.marked_uncollectible"],
  ] as const)(
    "with %s the period's invoice ends as %s, and nobody is charged",
    async (behavior, status, type) => {
      const { stripe, control } = standIn
      const { customer, id } = await subscribed()
      const paused = await stripe.subscriptions.update(id, { pause_collection: { behavior } })
      expect(paused).toMatchObject({ status: "active", pause_collection: { behavior, resumes_at: null } })
      const { invoice, subscription } = await control.renewSubscription(id)
      expect(invoice).toMatchObject({ status, amount_paid: 0, billing_reason: "subscription_cycle" })
      expect(subscription).toMatchObject({ status: "active", latest_invoice: invoice.id })
      expect((await control.payments({ customer })).count).toBe(1)
      const types = await typesOf(customer)
      if (type) expect(types).toContain(type)
      // That event is only about subscriptions whose status is paused.
      expect(types).not.toContain("customer.subscription.paused")
    },
  )

  test("charges again once it is resumed, by hand or at its time", async () => {
    const { stripe, control } = standIn
    const { customer, id } = await subscribed()
    const resumes_at = (await control.clock()).now + 3600
    await stripe.subscriptions.update(id, { pause_collection: { behavior: "void", resumes_at } })
    await control.advance(3600 * 1000)
    expect((await stripe.subscriptions.retrieve(id)).pause_collection).toBeNull()
    await stripe.subscriptions.update(id, { pause_collection: { behavior: "void" } })
    await stripe.subscriptions.update(id, { pause_collection: "" })
    expect((await control.renewSubscription(id, { outcome: "succeed" })).invoice.status).toBe("paid")
    expect((await control.payments({ customer })).count).toBe(2)
  })
})

describe("pausing a subscription", () => {
  test("stops its periods, and a resumed one begins anew and is paid", async () => {
    const { stripe, control } = standIn
    const { customer, id } = await subscribed()
    const paused = await stripe.subscriptions.pause(id, { bill_for: { unused_time_from: { type: "none" } } })
    expect(paused.status).toBe("paused")
    await control.advance(62 * DAY_MS)
    expect((await control.payments({ customer })).count).toBe(1)
    const resumed = await stripe.subscriptions.resume(id)
    const { now } = await control.clock()
    expect(resumed).toMatchObject({ status: "active", items: { data: [{ current_period_start: now }] } })
    expect((await control.payments({ customer })).count).toBe(2)
    const types = await typesOf(customer)
    const told = types.filter((type) => /subscription\.(paused|resumed)$/.test(type))
    expect(told).toEqual(["customer.subscription.paused", "customer.subscription.resumed"])
  })

  test("is past due when its first payment after the pause is refused", async () => {
    const { stripe, control } = standIn
    const { customer, id } = await subscribed()
    await control.setSubscriptionStatus(id, "paused")
    await control.nextPayment({ kind: "decline", code: "insufficient_funds", customer })
    expect((await stripe.subscriptions.resume(id)).status).toBe("past_due")
    await expect(stripe.subscriptions.resume(id)).rejects.toMatchObject({ statusCode: 400 })
  })

  test("happens by itself when a trial ends without a card", async () => {
    const { stripe, control } = standIn
    const { id: customer } = await stripe.customers.create()
    const { id } = await stripe.subscriptions.create({
      customer,
      items: [{ price: (await monthlyPrice(stripe)).id }],
      trial_period_days: 7,
      trial_settings: { end_behavior: { missing_payment_method: "pause" } },
    })
    await control.advance(4 * DAY_MS)
    expect(await typesOf(customer)).toContain("customer.subscription.trial_will_end")
    expect(await typesOf(customer)).not.toContain("customer.subscription.paused")
    await control.advance(3 * DAY_MS)
    expect((await stripe.subscriptions.retrieve(id)).status).toBe("paused")
    expect(await typesOf(customer)).toContain("customer.subscription.paused")
  })
})

describe("a renewal that nobody pays", () => {
  test.each([
    ["mark_unpaid", "unpaid"],
    ["leave_past_due", "past_due"],
    ["cancel", "canceled"],
  ] as const)("with %s the subscription ends as %s", async (after_last_try, status) => {
    const { stripe, control } = standIn
    const { customer, id } = await subscribed()
    await control.dashboard({ customer, after_last_try })
    await control.nextPayment({ kind: "decline", code: "insufficient_funds", customer, times: 9 })
    await control.renewSubscription(id)
    expect((await stripe.subscriptions.retrieve(id)).status).toBe("past_due")
    await control.advance(16 * DAY_MS)
    expect((await stripe.subscriptions.retrieve(id)).status).toBe(status)
  })

  test("leaves the next invoices as drafts while unpaid, and is active again once paid", async () => {
    const { stripe, control } = standIn
    const { customer, id } = await subscribed()
    await control.dashboard({ customer, after_last_try: "mark_unpaid" })
    await control.nextPayment({ kind: "decline", code: "insufficient_funds", customer, times: 4 })
    const { invoice } = await control.renewSubscription(id)
    await control.advance(16 * DAY_MS)
    expect((await control.renewSubscription(id)).invoice.status).toBe("draft")
    await stripe.invoices.pay(invoice.id)
    expect((await stripe.subscriptions.retrieve(id)).status).toBe("active")
  })
})

test("says of a trial that is shorter than three days at once that it will end", async () => {
  const { customer } = await subscribed("pm_card_visa", { trial_period_days: 1 })
  await standIn.control.advance(1000)
  expect(await typesOf(customer)).toContain("customer.subscription.trial_will_end")
})

test("announces a charge's balance transaction after the payment", async () => {
  const { customer } = await subscribed()
  const { data } = await standIn.control.events({ customer })
  const about = data.filter(({ type }) => type.startsWith("charge."))
  expect(about.map(({ type, data }) => [type, Reflect.get(data.object, "balance_transaction")])).toEqual([
    ["charge.succeeded", null],
    ["charge.updated", expect.stringMatching(/^txn_/)],
  ])
})
