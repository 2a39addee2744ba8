import { describe, expect, test } from "vitest"
import { monthlyPrice, saveCard, sessionParams, standInPerTest } from "../testing"

const standIn = standInPerTest()
const RETURN = "https://example.com/back"
const PAYMENT = { amount: 2500, currency: "usd" } as const

async function waiting(card = "pm_card_visa") {
  const saved = await saveCard(standIn.stripe, card)
  const intent = await standIn.stripe.paymentIntents.create({ ...PAYMENT, ...saved })
  return { ...saved, id: intent.id }
}

const intentsOf = async (customer: string) =>
  (await standIn.stripe.paymentIntents.list({ customer })).data.length

describe("confirming without the customer", () => {
  test("needs no way back, where confirming with the customer does", async () => {
    const { id } = await waiting()
    const { stripe } = standIn
    await expect(stripe.paymentIntents.confirm(id)).rejects.toMatchObject({
      statusCode: 400,
      message: expect.stringContaining("you must provide a `return_url`"),
      payment_intent: { id, status: "requires_confirmation" },
    })
    expect((await stripe.paymentIntents.confirm(id, { off_session: true })).status).toBe("succeeded")
  })

  test("leaves no payment behind that had no way back from the start", async () => {
    const { stripe } = standIn
    const saved = await saveCard(stripe, "pm_card_visa")
    const wrong = stripe.paymentIntents.create({ ...PAYMENT, ...saved, confirm: true })
    await expect(wrong).rejects.toThrow(/return_url/)
    expect(await intentsOf(saved.customer)).toBe(0)
    const right = await stripe.paymentIntents.create({
      ...PAYMENT,
      ...saved,
      confirm: true,
      off_session: true,
    })
    expect(right.status).toBe("succeeded")
  })

  test("takes `error_on_requires_action` only where the payment methods are named", async () => {
    const { stripe } = standIn
    const { id, ...saved } = await waiting("pm_card_authenticationRequired")
    const refused = stripe.paymentIntents.confirm(id, { error_on_requires_action: true, return_url: RETURN })
    await expect(refused).rejects.toMatchObject({ statusCode: 400, param: "error_on_requires_action" })
    const named = stripe.paymentIntents.create({
      ...PAYMENT,
      ...saved,
      allowed_payment_method_types: ["card"],
      confirm: true,
      error_on_requires_action: true,
    })
    await expect(named).rejects.toMatchObject({ statusCode: 402, code: "authentication_required" })
    const unconfirmed = stripe.paymentIntents.create({ ...PAYMENT, error_on_requires_action: true })
    await expect(unconfirmed).rejects.toMatchObject({ param: "error_on_requires_action" })
  })
})

describe("a refusal about a payment", () => {
  test.each([
    ["confirm", "it has already succeeded"],
    ["cancel", "Only a PaymentIntent with one of the following statuses may be canceled"],
  ] as const)("that was paid carries it, and says why on %s", async (verb, words) => {
    const { id } = await waiting()
    const { paymentIntents } = standIn.stripe
    await paymentIntents.confirm(id, { off_session: true })
    const again =
      verb === "confirm" ? paymentIntents.confirm(id, { off_session: true }) : paymentIntents.cancel(id)
    await expect(again).rejects.toMatchObject({
      statusCode: 400,
      code: "payment_intent_unexpected_state",
      message: expect.stringContaining(words),
      payment_intent: { id, status: "succeeded" },
    })
  })

  test("says which of its fields can't be changed any more", async () => {
    const { id } = await waiting()
    const { paymentIntents } = standIn.stripe
    await paymentIntents.cancel(id)
    await expect(paymentIntents.update(id, { amount: 900 })).rejects.toMatchObject({
      code: "payment_intent_unexpected_state",
      param: "amount",
      message: expect.stringContaining("This PaymentIntent's amount could not be updated"),
      payment_intent: { id, amount: 2500 },
    })
  })

  test("without a payment method names the customer whose one it could be", async () => {
    const { id: customer } = await standIn.stripe.customers.create()
    const intent = await standIn.stripe.paymentIntents.create({ ...PAYMENT, customer })
    const refused = standIn.stripe.paymentIntents.confirm(intent.id, { off_session: true })
    await expect(refused).rejects.toMatchObject({
      code: "payment_intent_unexpected_state",
      message: expect.stringContaining(`with ${customer}, specify a payment method`),
    })
  })

  test("carries a setup intent as well", async () => {
    const { stripe } = standIn
    const saved = await saveCard(stripe, "pm_card_visa")
    const { id } = await stripe.setupIntents.create({ ...saved, confirm: true, return_url: RETURN })
    await expect(stripe.setupIntents.confirm(id, { return_url: RETURN })).rejects.toMatchObject({
      code: "setup_intent_unexpected_state",
      message: "You cannot confirm this SetupIntent because it has already succeeded.",
      setup_intent: { id, status: "succeeded" },
    })
  })
})

describe("a payment method that isn't the payer's", () => {
  test("of another customer is refused when it is named, changed or charged", async () => {
    const { stripe } = standIn
    const foreign = (await saveCard(stripe, "pm_card_visa")).payment_method
    const mine = await waiting()
    const words = {
      statusCode: 400,
      code: undefined,
      param: "payment_method",
      message: `The PaymentMethod ${foreign} does not belong to the Customer you supplied ${mine.customer}. Please use this PaymentMethod with the Customer that it belongs to instead.`,
    }
    const created = stripe.paymentIntents.create({
      ...PAYMENT,
      customer: mine.customer,
      payment_method: foreign,
    })
    await expect(created).rejects.toMatchObject(words)
    await expect(created).rejects.toMatchObject({ payment_intent: undefined })
    const changed = stripe.paymentIntents.update(mine.id, { payment_method: foreign })
    await expect(changed).rejects.toMatchObject({ ...words, payment_intent: { id: mine.id } })
    const charged = stripe.paymentIntents.confirm(mine.id, { payment_method: foreign, off_session: true })
    await expect(charged).rejects.toMatchObject({
      ...words,
      payment_intent: { id: mine.id, payment_method: mine.payment_method },
    })
    expect(await intentsOf(mine.customer)).toBe(1)
  })

  test("of a customer can't pay for nobody", async () => {
    const { payment_method } = await saveCard(standIn.stripe, "pm_card_visa")
    const created = standIn.stripe.paymentIntents.create({ ...PAYMENT, payment_method })
    await expect(created).rejects.toMatchObject({ code: "parameter_missing", param: "source" })
  })

  test("that was detached before the charge may not be used again", async () => {
    const { stripe } = standIn
    const { id, payment_method } = await waiting()
    await stripe.paymentMethods.detach(payment_method)
    await expect(stripe.paymentIntents.confirm(id, { off_session: true })).rejects.toMatchObject({
      statusCode: 400,
      code: "payment_method_unexpected_state",
      message: expect.stringContaining("was detached from a Customer. It may not be used again."),
      payment_intent: { id, status: "requires_confirmation" },
    })
    expect((await standIn.control.payments()).count).toBe(0)
  })
})

describe("lists of a customer that doesn't exist", () => {
  const customer = "cus_nobody"
  test.each([
    ["payments", () => standIn.stripe.paymentIntents.list({ customer })],
    ["charges", () => standIn.stripe.charges.list({ customer })],
    ["invoices", () => standIn.stripe.invoices.list({ customer })],
    ["subscriptions", () => standIn.stripe.subscriptions.list({ customer })],
    ["sessions", () => standIn.stripe.checkout.sessions.list({ customer })],
    ["setups", () => standIn.stripe.setupIntents.list({ customer })],
    ["payment methods", () => standIn.stripe.paymentMethods.list({ customer })],
  ])("are refused: %s", async (_what, list) => {
    await expect(Promise.resolve(list())).rejects.toMatchObject({
      statusCode: 400,
      code: "resource_missing",
      param: "customer",
      message: "No such customer: 'cus_nobody'",
    })
  })

  test("but not of one that was deleted", async () => {
    const { stripe } = standIn
    const { id } = await stripe.customers.create()
    await stripe.customers.del(id)
    expect((await stripe.paymentIntents.list({ customer: id })).data).toEqual([])
  })
})

test("an idempotency key has at most 255 characters", async () => {
  const { stripe } = standIn
  await expect(stripe.customers.create({}, { idempotencyKey: "k".repeat(256) })).rejects.toMatchObject({
    statusCode: 400,
  })
  expect((await stripe.customers.list()).data).toEqual([])
  await stripe.customers.create({}, { idempotencyKey: "k".repeat(255) })
})

describe("something that is sold no more", () => {
  test("opens no checkout: an archived price, or one of an archived product", async () => {
    const { stripe } = standIn
    const archived = await monthlyPrice(stripe)
    await stripe.prices.update(archived.id, { active: false })
    const orphaned = await monthlyPrice(stripe)
    await stripe.products.update(String(orphaned.product), { active: false })
    const open = (price: string) =>
      stripe.checkout.sessions.create(
        sessionParams({ mode: "subscription", line_items: [{ price, quantity: 1 }] }),
      )
    await expect(open(archived.id)).rejects.toMatchObject({
      statusCode: 400,
      message: "The price specified is inactive. This field only accepts active prices.",
    })
    await expect(open(orphaned.id)).rejects.toThrow(/inactive product/)
  })
})
