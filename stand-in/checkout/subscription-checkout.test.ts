import { describe, expect, test } from "vitest"
import { standInPerTest, subscriptionSession } from "../testing"

const standIn = standInPerTest()

describe("subscribing in checkout", () => {
  test("gives an active subscription, its paid invoice and a card to renew with", async () => {
    const { stripe, control } = standIn
    const customer = await stripe.customers.create({ email: "owner@example.com" })
    const session = await subscriptionSession(stripe, {
      customer: customer.id,
      subscription_data: { metadata: { team: "team_1" } },
    })
    expect(session).toMatchObject({ mode: "subscription", amount_total: 4000, subscription: null })
    await control.pay(session.id)
    const paid = await stripe.checkout.sessions.retrieve(session.id, {
      expand: ["subscription.default_payment_method", "invoice.payments", "line_items"],
    })
    expect(paid).toMatchObject({
      status: "complete",
      payment_status: "paid",
      payment_intent: null,
      subscription: {
        status: "active",
        metadata: { team: "team_1" },
        default_payment_method: { customer: customer.id, card: { last4: "4242" } },
      },
      invoice: {
        status: "paid",
        amount_paid: 4000,
        billing_reason: "subscription_create",
        payments: { data: [{ status: "paid", amount_paid: 4000 }] },
      },
    })
    expect((await control.payments({ customer: customer.id })).data).toMatchObject([
      { amount_received: 4000 },
    ])
  })

  test("announces everything in the order of what happened", async () => {
    const { stripe, control } = standIn
    const session = await subscriptionSession(stripe)
    await control.pay(session.id, { email: "new@example.com" })
    const types = (await control.events()).data.map(({ type }) => type)
    expect(types.slice(types.indexOf("customer.created"))).toEqual([
      "customer.created",
      "payment_intent.created",
      "payment_method.attached",
      "charge.succeeded",
      "payment_intent.succeeded",
      "charge.updated",
      "customer.subscription.created",
      "invoice.created",
      "invoice.finalized",
      "customer.updated",
      "invoice_payment.paid",
      "invoice.paid",
      "invoice.payment_succeeded",
      "customer.subscription.updated",
      "customer.subscription.updated",
      "checkout.session.completed",
    ])
    const [created] = (await stripe.events.list({ type: "customer.subscription.created" })).data
    expect(created?.data.object).toMatchObject({ status: "incomplete" })
  })

  test("leaves nothing behind when the card is declined, and takes another one", async () => {
    const { stripe, control } = standIn
    const session = await subscriptionSession(stripe)
    const refused = await control.pay(session.id, { payment_method: "pm_card_visa_chargeDeclined" })
    expect(refused).toMatchObject({ outcome: { kind: "declined" }, session: { status: "open" } })
    expect((await stripe.subscriptions.list({ status: "all" })).data).toEqual([])
    await control.pay(session.id)
    expect((await stripe.subscriptions.list()).data).toHaveLength(1)
  })

  test("waits for authentication", async () => {
    const { stripe, control } = standIn
    const session = await subscriptionSession(stripe)
    const card = "pm_card_authenticationRequiredOnSetup"
    const waiting = await control.pay(session.id, { payment_method: card })
    expect(waiting.outcome).toEqual({ kind: "requires_action" })
    expect((await stripe.subscriptions.list({ status: "all" })).data).toEqual([])
    const { session: paid } = await control.pay(session.id, {
      payment_method: card,
      authenticate: "complete",
    })
    expect(paid).toMatchObject({ status: "complete", subscription: expect.stringMatching(/^sub_/) })
  })

  test("charges the days up to a later billing cycle anchor", async () => {
    const { stripe, control } = standIn
    const now = (await control.clock()).now
    const anchor = now + 10 * 24 * 3600
    const session = await subscriptionSession(stripe, { subscription_data: { billing_cycle_anchor: anchor } })
    expect(session.amount_total).toBeGreaterThan(1200)
    expect(session.amount_total).toBeLessThan(1450)
    const { session: paid } = await control.pay(session.id)
    const subscription = await stripe.subscriptions.retrieve(String(paid.subscription))
    expect(subscription.items.data[0]?.current_period_end).toBe(anchor)
  })

  test("wants a recurring price, and nothing that belongs to payments", async () => {
    const { stripe } = standIn
    const price = await stripe.prices.create({
      currency: "usd",
      unit_amount: 500,
      product_data: { name: "Once" },
    })
    const once = { line_items: [{ price: price.id, quantity: 1 }] }
    await expect(subscriptionSession(stripe, once)).rejects.toThrow(/recurring price/)
    const creation = { invoice_creation: { enabled: true } }
    await expect(subscriptionSession(stripe, creation)).rejects.toThrow(/invoice_creation/)
  })
})
