import type Stripe from "stripe"
import { describe, expect, test } from "vitest"
import { monthlyPrice, standInPerTest } from "../testing"

const standIn = standInPerTest()
const DAY_MS = 24 * 3600 * 1000

async function subscriber(card = "pm_card_visa", more: Partial<Stripe.SubscriptionCreateParams> = {}) {
  const { stripe } = standIn
  const price = await monthlyPrice(stripe)
  const customer = await stripe.customers.create({ email: "owner@example.com" })
  const method = await stripe.paymentMethods.attach(card, { customer: customer.id })
  const subscription = await stripe.subscriptions.create({
    customer: customer.id,
    items: [{ price: price.id }],
    default_payment_method: method.id,
    ...more,
  })
  return { customer: customer.id, method: method.id, price, subscription, id: subscription.id }
}

function periodOf(subscription: Stripe.Subscription): [number, number] {
  const [item] = subscription.items.data
  return [item?.current_period_start ?? 0, item?.current_period_end ?? 0]
}

/** Moves to the very second at which the running period ends, and one further. */
async function letPeriodEnd(id: string): Promise<Stripe.Subscription> {
  const { stripe, control } = standIn
  const [, end] = periodOf(await stripe.subscriptions.retrieve(id))
  await control.advance((end + 1) * 1000 - (await control.clock()).now_ms)
  return await stripe.subscriptions.retrieve(id, { expand: ["latest_invoice"] })
}

describe("creating a subscription", () => {
  test("charges the card and is active, with the period on its item", async () => {
    const { subscription } = await subscriber("pm_card_visa", {
      metadata: { team: "team_1" },
      expand: ["latest_invoice"],
    })
    const [start, end] = periodOf(subscription)
    expect(subscription).toMatchObject({ status: "active", metadata: { team: "team_1" } })
    expect(subscription.latest_invoice).toMatchObject({ status: "paid", amount_paid: 4000 })
    expect(end - start).toBeGreaterThanOrEqual(28 * 24 * 3600)
  })

  test("stays incomplete when the card is declined, and can be paid later", async () => {
    const { stripe } = standIn
    const { subscription, customer } = await subscriber("pm_card_chargeCustomerFail")
    expect(subscription.status).toBe("incomplete")
    await expect(stripe.invoices.pay(String(subscription.latest_invoice))).rejects.toMatchObject({
      code: "card_declined",
    })
    const good = await stripe.paymentMethods.attach("pm_card_visa", { customer })
    await stripe.invoices.pay(String(subscription.latest_invoice), { payment_method: good.id })
    expect((await stripe.subscriptions.retrieve(subscription.id)).status).toBe("active")
  })

  test("expires after a day without a payment", async () => {
    const { stripe, control } = standIn
    const { id } = await subscriber("pm_card_visa", { payment_behavior: "default_incomplete" })
    await control.advance(DAY_MS)
    const expired = await stripe.subscriptions.retrieve(id, { expand: ["latest_invoice"] })
    expect(expired).toMatchObject({ status: "incomplete_expired", latest_invoice: { status: "void" } })
  })

  test("becomes active when its intent is confirmed by whoever has the secret", async () => {
    const { stripe } = standIn
    const { subscription, method } = await subscriber("pm_card_visa", {
      payment_behavior: "default_incomplete",
      expand: ["latest_invoice.confirmation_secret"],
    })
    const invoice = subscription.latest_invoice as Stripe.Invoice
    const intent = invoice.confirmation_secret?.client_secret.split("_secret_")[0] ?? ""
    await stripe.paymentIntents.confirm(intent, { payment_method: method })
    expect((await stripe.subscriptions.retrieve(subscription.id)).status).toBe("active")
  })

  test("leaves nothing behind with error_if_incomplete", async () => {
    const failing = subscriber("pm_card_chargeCustomerFail", { payment_behavior: "error_if_incomplete" })
    await expect(failing).rejects.toMatchObject({ statusCode: 402, code: "card_declined" })
    expect((await standIn.stripe.subscriptions.list({ status: "all" })).data).toEqual([])
    const { subscription } = await subscriber("pm_card_visa", { payment_behavior: "error_if_incomplete" })
    expect(subscription.status).toBe("active")
  })

  test("begins with a trial that costs nothing and ends in a paid period", async () => {
    const { subscription, id } = await subscriber("pm_card_visa", { trial_period_days: 7 })
    expect(subscription.status).toBe("trialing")
    const renewed = await letPeriodEnd(id)
    expect(renewed).toMatchObject({ status: "active", latest_invoice: { amount_paid: 4000 } })
  })
})

describe("renewing by the clock", () => {
  test("charges off-session for the next period and says so", async () => {
    const { stripe } = standIn
    const { id, customer, subscription } = await subscriber()
    const renewed = await letPeriodEnd(id)
    expect(periodOf(renewed)[0]).toBe(periodOf(subscription)[1])
    expect(renewed).toMatchObject({
      status: "active",
      latest_invoice: {
        status: "paid",
        billing_reason: "subscription_cycle",
        period_end: periodOf(subscription)[1],
        parent: { subscription_details: { subscription: id } },
        lines: { data: [{ period: { start: periodOf(renewed)[0], end: periodOf(renewed)[1] } }] },
      },
    })
    const types = (await standIn.control.events({ customer })).data.map(({ type }) => type).slice(-10)
    expect(types).toEqual(
      expect.arrayContaining(["invoice.created", "invoice.finalized", "invoice.paid", "charge.succeeded"]),
    )
    expect((await stripe.invoices.list({ subscription: id })).data).toHaveLength(2)
  })

  test("catches up on every period that a jump of the clock leaps over, each at its own time", async () => {
    const { stripe, control } = standIn
    const { id } = await subscriber()
    await control.advance(100 * DAY_MS)
    const { data } = await stripe.invoices.list({ subscription: id })
    expect(data.map(({ status }) => status)).toEqual(["paid", "paid", "paid", "paid"])
    // Even with a stopped clock, a second may turn between a subscription and its first invoice, but not a day.
    for (const invoice of data)
      expect(invoice.created).toBeLessThan((invoice.lines.data[0]?.period.start ?? 0) + 60)
  })

  test("falls back to the customer's default card", async () => {
    const { stripe } = standIn
    const { id, customer, method } = await subscriber()
    await stripe.customers.update(customer, { invoice_settings: { default_payment_method: method } })
    await stripe.subscriptions.update(id, { default_payment_method: "" })
    expect((await letPeriodEnd(id)).status).toBe("active")
  })

  test("goes past due when refused, tries again, and is active once a new default card pays", async () => {
    const { stripe, control } = standIn
    const { id, customer } = await subscriber()
    await control.nextPayment({ kind: "decline", code: "insufficient_funds", customer, times: 2 })
    const overdue = await letPeriodEnd(id)
    expect(overdue).toMatchObject({
      status: "past_due",
      latest_invoice: { status: "open", attempt_count: 1, next_payment_attempt: expect.any(Number) },
    })
    await control.advance(3 * DAY_MS)
    const invoice = (overdue.latest_invoice as Stripe.Invoice).id ?? ""
    expect(await stripe.invoices.retrieve(invoice)).toMatchObject({ status: "open", attempt_count: 2 })
    const card = await stripe.paymentMethods.attach("pm_card_mastercard", { customer })
    await stripe.subscriptions.update(id, { default_payment_method: card.id })
    expect(await stripe.invoices.retrieve(invoice)).toMatchObject({ status: "paid" })
    expect((await stripe.subscriptions.retrieve(id)).status).toBe("active")
  })

  test("is tried again with a new default of the customer when it has no card of its own", async () => {
    const { stripe } = standIn
    const { id, customer } = await subscriber()
    await stripe.subscriptions.update(id, { default_payment_method: "" })
    expect((await letPeriodEnd(id)).status).toBe("past_due")
    const card = await stripe.paymentMethods.attach("pm_card_visa", { customer })
    await stripe.customers.update(customer, { invoice_settings: { default_payment_method: card.id } })
    expect((await stripe.subscriptions.retrieve(id)).status).toBe("active")
  })

  test("is canceled after the last refused try", async () => {
    const { stripe, control } = standIn
    const { id, customer } = await subscriber()
    await control.nextPayment({ kind: "decline", code: "generic_decline", customer, times: 10 })
    await letPeriodEnd(id)
    await control.advance(16 * DAY_MS)
    const ended = await stripe.subscriptions.retrieve(id, { expand: ["latest_invoice"] })
    expect(ended).toMatchObject({
      status: "canceled",
      cancellation_details: { reason: "payment_failed" },
      latest_invoice: { status: "open", attempt_count: 4, next_payment_attempt: null },
    })
    const { data } = await stripe.events.list({ type: "customer.subscription.deleted" })
    expect(data).toHaveLength(1)
  })
})

describe("canceling", () => {
  test("happens at once, or with the period, or not after all", async () => {
    const { stripe } = standIn
    const { id, subscription } = await subscriber()
    const leaving = await stripe.subscriptions.update(id, { cancel_at_period_end: true })
    expect(leaving).toMatchObject({ status: "active", cancel_at: periodOf(subscription)[1] })
    await stripe.subscriptions.update(id, { cancel_at_period_end: false })
    expect((await letPeriodEnd(id)).status).toBe("active")
    await stripe.subscriptions.update(id, { cancel_at_period_end: true })
    expect((await letPeriodEnd(id)).status).toBe("canceled")
    const other = await subscriber()
    const { status, ended_at } = await stripe.subscriptions.cancel(other.id)
    expect({ status, ended: ended_at !== null }).toEqual({ status: "canceled", ended: true })
    await expect(stripe.subscriptions.update(other.id, { cancel_at_period_end: true })).rejects.toThrow(
      /canceled/,
    )
  })

  test("follows the customer's deletion, and a detached card is no longer anyone's default", async () => {
    const { stripe } = standIn
    const { id, customer, method } = await subscriber()
    await stripe.paymentMethods.detach(method)
    expect((await stripe.subscriptions.retrieve(id)).default_payment_method).toBeNull()
    await stripe.customers.del(customer)
    expect((await stripe.subscriptions.retrieve(id)).status).toBe("canceled")
  })
})

describe("the controls for one subscription", () => {
  test("end its period while the clock stands, paid or refused", async () => {
    const { stripe, control } = standIn
    const { id, customer } = await subscriber()
    const before = await control.clock()
    const first = await control.renewSubscription(id, { outcome: "succeed" })
    const second = await control.renewSubscription(id, { outcome: "fail", decline_code: "expired_card" })
    expect(first.invoice.status).toBe("paid")
    expect(second).toMatchObject({ subscription: { status: "past_due" }, invoice: { status: "open" } })
    const starts = [first, second].map(({ subscription }) => subscription.items.data[0]?.current_period_start)
    expect(new Set(starts).size).toBe(2)
    expect((await control.clock()).now - before.now).toBeLessThan(60)
    // The steer of the refused renewal is gone: the customer's next payment goes through.
    await stripe.invoices.pay(second.invoice.id)
    expect((await stripe.subscriptions.list({ customer })).data[0]?.status).toBe("active")
  })

  test("change its plan, cancel it and set its state as if in the Dashboard", async () => {
    const { stripe, control } = standIn
    const { id } = await subscriber()
    const business = await monthlyPrice(stripe, 9000, "Business")
    await control.changePlan(id, { price: business.id })
    expect((await stripe.subscriptions.retrieve(id)).items.data[0]?.price.unit_amount).toBe(9000)
    expect(await control.setSubscriptionStatus(id, "unpaid")).toMatchObject({ status: "unpaid" })
    expect(await control.cancelSubscription(id, { at_period_end: true })).toMatchObject({
      cancel_at_period_end: true,
    })
    expect(await control.cancelSubscription(id)).toMatchObject({ status: "canceled" })
  })
})

describe("listing subscriptions", () => {
  test("hides canceled ones unless asked, and pages", async () => {
    const { stripe, control } = standIn
    const { id, customer, price } = await subscriber()
    const { id: second } = await stripe.subscriptions.create({ customer, items: [{ price: price.id }] })
    await control.cancelSubscription(second)
    const ids = async (params: Stripe.SubscriptionListParams) =>
      (await stripe.subscriptions.list({ customer, ...params })).data.map((each) => each.id)
    expect(await ids({})).toEqual([id])
    expect(await ids({ status: "all" })).toEqual([second, id])
    expect(await ids({ status: "canceled" })).toEqual([second])
    expect(await ids({ status: "all", price: "price_other" })).toEqual([])
    const page = await stripe.subscriptions.list({ customer, status: "all", limit: 1 })
    expect(page.has_more).toBe(true)
    expect(await ids({ status: "all", starting_after: page.data[0]?.id })).toEqual([id])
  })
})
