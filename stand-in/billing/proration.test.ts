import type Stripe from "stripe"
import { describe, expect, test } from "vitest"
import { monthlyPrice, standInPerTest } from "../testing"

const standIn = standInPerTest()

async function halfway(amount = 4000) {
  const { stripe, control } = standIn
  const price = await monthlyPrice(stripe, amount)
  const customer = await stripe.customers.create()
  const method = await stripe.paymentMethods.attach("pm_card_visa", { customer: customer.id })
  const { id } = await stripe.subscriptions.create({
    customer: customer.id,
    items: [{ price: price.id }],
    default_payment_method: method.id,
  })
  const before = await stripe.subscriptions.retrieve(id)
  const item = itemOf(before)
  const lengthS = item.current_period_end - item.current_period_start
  const middleMs = (item.current_period_start + lengthS / 2) * 1000
  await control.advance(middleMs - (await control.clock()).now_ms)
  return { id, customer: customer.id, item }
}

function itemOf(subscription: Stripe.Subscription): Stripe.SubscriptionItem {
  const [item] = subscription.items.data
  if (!item) throw new Error("No item")
  return item
}

/** A second or two of a month may pass while a test runs. */
function expectAbout(amount: number | undefined, wanted: number): void {
  expect(Math.abs((amount ?? Infinity) - wanted)).toBeLessThanOrEqual(1)
}

async function change(id: string, item: string, price: string, more: Stripe.SubscriptionUpdateParams = {}) {
  return await standIn.stripe.subscriptions.update(id, {
    items: [{ id: item, price }],
    expand: ["latest_invoice"],
    ...more,
  })
}

describe("changing a plan halfway", () => {
  test("charges half the difference at once with always_invoice, and keeps the period", async () => {
    const { id, item } = await halfway()
    const next = await monthlyPrice(standIn.stripe, 10_000, "Business")
    const changed = await change(id, item.id, next.id, { proration_behavior: "always_invoice" })
    const invoice = changed.latest_invoice as Stripe.Invoice
    expect(invoice).toMatchObject({ status: "paid", billing_reason: "subscription_update" })
    expectAbout(invoice.amount_paid, 3000)
    expectAbout(invoice.lines.data[0]?.amount, -2000)
    expectAbout(invoice.lines.data[1]?.amount, 5000)
    expect(invoice.lines.data.map((line) => line.parent?.subscription_item_details?.proration)).toEqual([
      true,
      true,
    ])
    expect(itemOf(changed)).toMatchObject({
      id: item.id,
      price: { id: next.id },
      current_period_end: item.current_period_end,
    })
  })

  test("puts the difference on the next invoice with create_prorations", async () => {
    const { stripe, control } = standIn
    const { id, item } = await halfway()
    const next = await monthlyPrice(stripe, 10_000, "Business")
    await change(id, item.id, next.id, { proration_behavior: "create_prorations" })
    expect((await stripe.invoices.list({ subscription: id })).data).toHaveLength(1)
    const { invoice } = await control.renewSubscription(id)
    expect(invoice.lines.data).toHaveLength(3)
    expectAbout(invoice.amount_paid, 13_000)
  })

  test("charges nothing for the rest of the period with none", async () => {
    const { stripe, control } = standIn
    const { id, item } = await halfway()
    const next = await monthlyPrice(stripe, 10_000, "Business")
    await change(id, item.id, next.id, { proration_behavior: "none" })
    expect((await control.renewSubscription(id)).invoice.amount_paid).toBe(10_000)
  })

  test("keeps the credit of a cheaper plan as the customer's balance and uses it up", async () => {
    const { stripe, control } = standIn
    const { id, item, customer } = await halfway(10_000)
    const next = await monthlyPrice(stripe, 4000, "Max")
    const changed = await change(id, item.id, next.id, { proration_behavior: "always_invoice" })
    expect(changed.latest_invoice).toMatchObject({ status: "paid", amount_due: 0 })
    const owner = (await stripe.customers.retrieve(customer)) as Stripe.Customer
    expectAbout(owner.balance, -3000)
    const { invoice } = await control.renewSubscription(id)
    expect(invoice.total).toBe(4000)
    expectAbout(invoice.amount_paid, 1000)
  })

  test("starts a new period when the interval changes", async () => {
    const { stripe } = standIn
    const { id, item } = await halfway()
    const yearly = await stripe.prices.create({
      currency: "usd",
      unit_amount: 40_000,
      recurring: { interval: "year" },
      product_data: { name: "Max yearly" },
    })
    const changed = await change(id, item.id, yearly.id)
    expect(itemOf(changed).current_period_start).toBeGreaterThan(item.current_period_start)
    expectAbout((changed.latest_invoice as Stripe.Invoice).amount_paid, 38_000)
  })

  test("changes nothing when the card refuses and error_if_incomplete was asked for", async () => {
    const { stripe, control } = standIn
    const { id, item, customer } = await halfway()
    const next = await monthlyPrice(stripe, 10_000, "Business")
    const how = { proration_behavior: "always_invoice", payment_behavior: "error_if_incomplete" } as const
    await control.nextPayment({ kind: "decline", code: "insufficient_funds", customer })
    await expect(change(id, item.id, next.id, how)).rejects.toMatchObject({
      decline_code: "insufficient_funds",
    })
    expect(itemOf(await stripe.subscriptions.retrieve(id)).price.unit_amount).toBe(4000)
    expect((await stripe.invoices.list({ subscription: id })).data).toHaveLength(1)
    expect(itemOf(await change(id, item.id, next.id, how)).price.id).toBe(next.id)
  })

  test("is past due when the card refuses and nothing else was asked for", async () => {
    const { stripe, control } = standIn
    const { id, item, customer } = await halfway()
    const next = await monthlyPrice(stripe, 10_000, "Business")
    await control.nextPayment({ kind: "decline", code: "insufficient_funds", customer })
    const changed = await change(id, item.id, next.id, { proration_behavior: "always_invoice" })
    expect(changed).toMatchObject({ status: "past_due", latest_invoice: { status: "open" } })
  })
})
