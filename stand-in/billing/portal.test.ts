import type Stripe from "stripe"
import { describe, expect, test } from "vitest"
import { monthlyPrice, standInPerTest } from "../testing"

const standIn = standInPerTest()

async function shop(more: Partial<Stripe.BillingPortal.ConfigurationCreateParams.Features> = {}) {
  const { stripe } = standIn
  const build = await monthlyPrice(stripe, 2000, "Build")
  const max = await monthlyPrice(stripe, 4000, "Max")
  const customer = await stripe.customers.create({ email: "owner@example.com" })
  const method = await stripe.paymentMethods.attach("pm_card_visa", { customer: customer.id })
  const subscription = await stripe.subscriptions.create({
    customer: customer.id,
    items: [{ price: max.id }],
    default_payment_method: method.id,
  })
  const configuration = await stripe.billingPortal.configurations.create({
    name: "Credits",
    features: {
      invoice_history: { enabled: true },
      payment_method_update: { enabled: true },
      subscription_cancel: { enabled: true, mode: "at_period_end" },
      subscription_update: {
        enabled: true,
        default_allowed_updates: ["price"],
        products: [build, max].map((price) => ({ product: String(price.product), prices: [price.id] })),
        proration_behavior: "always_invoice",
        schedule_at_period_end: { conditions: [{ type: "decreasing_item_amount" }] },
      },
      ...more,
    },
  })
  return { build, max, customer: customer.id, method: method.id, id: subscription.id, configuration }
}

async function open(customer: string, configuration: string): Promise<string> {
  const { url } = await standIn.stripe.billingPortal.sessions.create({
    customer,
    configuration,
    return_url: "http://127.0.0.1:1/billing",
  })
  return url
}

async function press(url: string, fields: Record<string, string> = {}): Promise<string> {
  const response = await fetch(url, { method: "POST", body: new URLSearchParams(fields) })
  return await response.text()
}

describe("portal configurations", () => {
  test("keep what they are given, change in part and are listed", async () => {
    const { configurations } = standIn.stripe.billingPortal
    const { configuration, build } = await shop()
    expect(configuration.features.subscription_update).toMatchObject({
      proration_behavior: "always_invoice",
      products: [{ prices: [build.id] }, {}],
    })
    const changed = await configurations.update(configuration.id, {
      business_profile: { headline: "Credits" },
      features: { subscription_cancel: { mode: "immediately" } },
    })
    expect(changed).toMatchObject({
      business_profile: { headline: "Credits" },
      features: {
        subscription_cancel: { enabled: true, mode: "immediately" },
        invoice_history: { enabled: true },
      },
    })
    expect((await configurations.list({ active: true })).data).toHaveLength(1)
    await configurations.update(configuration.id, { active: false })
    expect((await configurations.list({ active: true })).data).toEqual([])
  })

  test("refuse a price that isn't the product's, and updates without products", async () => {
    const { configurations } = standIn.stripe.billingPortal
    const { build, max } = await shop()
    const update = { enabled: true, default_allowed_updates: ["price" as const] }
    const wrong = [{ product: String(build.product), prices: [max.id] }]
    const features = { subscription_update: { ...update, products: wrong } }
    await expect(configurations.create({ features })).rejects.toThrow(/must be an active recurring price/)
    await expect(configurations.create({ features: { subscription_update: update } })).rejects.toThrow(
      /products/,
    )
  })
})

describe("portal sessions", () => {
  test("expire, and an address that nobody gave is none", async () => {
    const { control, url } = standIn
    const { customer, configuration } = await shop()
    const portal = await open(customer, configuration.id)
    expect((await fetch(portal)).status).toBe(200)
    await control.advance(2 * 3600 * 1000)
    expect((await fetch(portal)).status).toBe(404)
    expect((await fetch(`${url}/p/session/test_guess`)).status).toBe(404)
  })

  test("upgrade at once for the difference, and downgrade with the period", async () => {
    const { stripe, control } = standIn
    const { id, customer, configuration, build, max } = await shop()
    const portal = await open(customer, configuration.id)
    await press(`${portal}/subscriptions/${id}/update/${build.id}`)
    const leaving = await stripe.subscriptions.retrieve(id, { expand: ["schedule"] })
    expect(leaving.items.data[0]?.price.id).toBe(max.id)
    const schedule = await stripe.subscriptionSchedules.retrieve((leaving.schedule as { id: string }).id)
    expect(schedule.phases.map((phase) => phase.items[0]?.price)).toEqual([max.id, build.id])
    const { invoice } = await control.renewSubscription(id)
    expect(invoice.amount_paid).toBe(2000)
    const moved = await stripe.subscriptions.retrieve(id)
    expect(moved).toMatchObject({ schedule: null, items: { data: [{ price: { id: build.id } }] } })
    expect((await stripe.subscriptionSchedules.retrieve(schedule.id)).status).toBe("released")
    await press(`${portal}/subscriptions/${id}/update/${max.id}`)
    const upgraded = await stripe.subscriptions.retrieve(id, { expand: ["latest_invoice"] })
    expect(upgraded).toMatchObject({
      items: { data: [{ price: { id: max.id } }] },
      latest_invoice: { status: "paid", billing_reason: "subscription_update" },
    })
    expect((upgraded.latest_invoice as Stripe.Invoice).amount_paid).toBeGreaterThan(1990)
  })

  test("change no plan when the card refuses, nor to a price that isn't offered", async () => {
    const { stripe, control } = standIn
    const { id, customer, configuration, build, max } = await shop()
    const portal = await open(customer, configuration.id)
    await control.changePlan(id, { price: build.id })
    await control.nextPayment({ kind: "decline", code: "insufficient_funds", customer })
    const page = await press(`${portal}/subscriptions/${id}/update/${max.id}`)
    expect(page).toContain("Your card has insufficient funds.")
    const hidden = await monthlyPrice(stripe, 1, "Hidden")
    expect(await press(`${portal}/subscriptions/${id}/update/${hidden.id}`)).toContain("no such plan")
    expect((await stripe.subscriptions.retrieve(id)).items.data[0]?.price.id).toBe(build.id)
  })

  test("cancel with the period, and not after all", async () => {
    const { stripe } = standIn
    const { id, customer, configuration } = await shop()
    const portal = await open(customer, configuration.id)
    await press(`${portal}/subscriptions/${id}/cancel`)
    expect((await stripe.subscriptions.retrieve(id)).cancel_at_period_end).toBe(true)
    await press(`${portal}/subscriptions/${id}/keep`)
    expect((await stripe.subscriptions.retrieve(id)).cancel_at_period_end).toBe(false)
  })

  test("touch only their own customer's plans and cards", async () => {
    const { stripe } = standIn
    const mine = await shop()
    const other = await shop()
    const portal = await open(mine.customer, mine.configuration.id)
    await press(`${portal}/subscriptions/${other.id}/cancel`)
    await press(`${portal}/payment-methods/${other.method}/delete`)
    expect((await stripe.subscriptions.retrieve(other.id)).cancel_at_period_end).toBe(false)
    expect((await stripe.paymentMethods.retrieve(other.method)).customer).toBe(other.customer)
  })

  test("do only what their configuration allows", async () => {
    const { stripe } = standIn
    const { id, customer, configuration, method } = await shop({
      subscription_cancel: { enabled: false },
      payment_method_update: { enabled: false },
    })
    const portal = await open(customer, configuration.id)
    await press(`${portal}/subscriptions/${id}/cancel`)
    await press(`${portal}/payment-methods/${method}/delete`)
    expect(await stripe.subscriptions.retrieve(id)).toMatchObject({ cancel_at_period_end: false })
    expect((await stripe.paymentMethods.retrieve(method)).customer).toBe(customer)
    expect(await (await fetch(portal)).text()).not.toContain("Payment methods")
  })

  test("open with a flow, and only one that is allowed", async () => {
    const { sessions } = standIn.stripe.billingPortal
    const { id, customer, configuration } = await shop()
    const flow_data = { type: "subscription_cancel", subscription_cancel: { subscription: id } } as const
    const { url, flow } = await sessions.create({ customer, configuration: configuration.id, flow_data })
    expect(flow).toMatchObject({ type: "subscription_cancel", subscription_cancel: { subscription: id } })
    expect(await (await fetch(url)).text()).toContain("Cancel your plan")
    const stranger = await shop()
    await expect(sessions.create({ customer: stranger.customer, flow_data })).rejects.toThrow(
      /No such subscription/,
    )
  })
})
