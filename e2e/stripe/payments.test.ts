import Stripe from "stripe"
import { describe, expect, test } from "vitest"
import { sessionParams, standInPerTest } from "./testing"

const standIn = standInPerTest()

async function savedCard(name: string) {
  const customer = await standIn.stripe.customers.create({ email: "owner@example.com" })
  const method = await standIn.stripe.paymentMethods.attach(name, { customer: customer.id })
  return { customer: customer.id, payment_method: method.id }
}

function charge(card: { customer: string; payment_method: string }) {
  return standIn.stripe.paymentIntents.create({
    amount: 2500,
    currency: "usd",
    confirm: true,
    off_session: true,
    allowed_payment_method_types: ["card"],
    ...card,
  })
}

async function refusal(promise: Promise<unknown>): Promise<Stripe.errors.StripeCardError> {
  const error = await promise.then(
    () => null,
    (reason: unknown) => reason,
  )
  if (!(error instanceof Stripe.errors.StripeCardError)) throw new Error(`No card error but ${String(error)}`)
  return error
}

describe("charging a saved card", () => {
  test("captures the amount and leaves a charge with a receipt and a balance transaction", async () => {
    const intent = await charge(await savedCard("pm_card_visa"))
    expect(intent).toMatchObject({ status: "succeeded", amount_received: 2500 })
    const full = await standIn.stripe.paymentIntents.retrieve(intent.id, {
      expand: ["latest_charge.balance_transaction", "payment_method", "customer"],
    })
    expect(full).toMatchObject({
      customer: { email: "owner@example.com" },
      payment_method: { card: { last4: "4242" } },
      latest_charge: { paid: true, balance_transaction: { amount: 2500, type: "charge" } },
    })
  })

  test.each([
    ["pm_card_authenticationRequired", "authentication_required", "authentication_required"],
    ["pm_card_chargeCustomerFail", "card_declined", "generic_decline"],
  ])("answers 402 for %s with %s and the intent inside", async (name, code, declineCode) => {
    const error = await refusal(charge(await savedCard(name)))
    expect(error).toMatchObject({ statusCode: 402, code, decline_code: declineCode })
    expect(error.payment_intent).toMatchObject({
      status: "requires_payment_method",
      last_payment_error: { code, decline_code: declineCode, payment_method: { type: "card" } },
    })
  })

  test.each([
    ["pm_card_visa_chargeDeclined", "card_declined"],
    ["pm_card_chargeDeclinedExpiredCard", "expired_card"],
  ])("refuses to attach %s, which could never be charged", async (name, code) => {
    expect(await refusal(savedCard(name))).toMatchObject({ code })
  })

  test("declines the next charges as a test has asked", async () => {
    const card = await savedCard("pm_card_visa")
    await standIn.control.nextPayment({
      kind: "decline",
      code: "insufficient_funds",
      customer: card.customer,
    })
    expect(await refusal(charge(card))).toMatchObject({
      code: "card_declined",
      decline_code: "insufficient_funds",
    })
    expect(await charge(card)).toMatchObject({ status: "succeeded" })
  })

  test("declines a saved card that has expired since", async () => {
    const card = await savedCard("pm_card_visa")
    await standIn.control.expireCard(card.payment_method)
    expect(await refusal(charge(card))).toMatchObject({ code: "expired_card" })
  })

  test("captures another amount than asked when told to", async () => {
    const card = await savedCard("pm_card_visa")
    await standIn.control.nextPayment({
      kind: "capture_as",
      amount: 2499,
      currency: "jpy",
      customer: card.customer,
    })
    expect(await charge(card)).toMatchObject({ amount: 2500, amount_received: 2499, currency: "jpy" })
  })

  test("asks for a return_url when other methods than cards could redirect", async () => {
    const card = await savedCard("pm_card_visa")
    const params = { amount: 2500, currency: "usd", confirm: true, ...card }
    await expect(standIn.stripe.paymentIntents.create(params)).rejects.toThrow(/return_url/)
  })
})

describe("paying a checkout session", () => {
  test.each(["pm_card_visa", "pm_card_mastercard", "pm_card_amex", "pm_card_createDispute"])(
    "completes with %s",
    async (name) => {
      const session = await standIn.stripe.checkout.sessions.create(
        sessionParams({ metadata: { purchase: "pur_1" } }),
      )
      expect(session).toMatchObject({ status: "open", payment_status: "unpaid", payment_intent: null })
      await standIn.control.pay(session.id, { payment_method: name, email: "payer@example.com" })
      const paid = await standIn.stripe.checkout.sessions.retrieve(session.id, {
        expand: ["payment_intent", "line_items"],
      })
      expect(paid).toMatchObject({
        status: "complete",
        payment_status: "paid",
        metadata: { purchase: "pur_1" },
        customer_details: { email: "payer@example.com" },
        payment_intent: { status: "succeeded", amount_received: 2500 },
        line_items: { data: [{ description: "Credits", amount_total: 2500 }] },
      })
    },
  )

  test.each([
    ["pm_card_visa_chargeDeclined", "generic_decline"],
    ["pm_card_visa_chargeDeclinedInsufficientFunds", "insufficient_funds"],
    ["pm_card_chargeDeclinedExpiredCard", "expired_card"],
    ["pm_card_chargeDeclinedIncorrectCvc", "incorrect_cvc"],
    ["pm_card_chargeDeclinedProcessingError", "processing_error"],
    ["pm_card_chargeCustomerFail", "generic_decline"],
  ])("stays open after %s and takes another card on the same intent", async (name, declineCode) => {
    const session = await standIn.stripe.checkout.sessions.create(sessionParams())
    const first = await standIn.control.pay(session.id, { payment_method: name })
    expect(first).toMatchObject({
      outcome: { kind: "declined", decline: { declineCode } },
      session: { status: "open" },
    })
    const second = await standIn.control.pay(session.id)
    expect(second.session).toMatchObject({ status: "complete", payment_intent: first.session.payment_intent })
  })

  test("saves the card for later when the session asks for that", async () => {
    const { stripe, control } = standIn
    const customer = await stripe.customers.create({ email: "owner@example.com" })
    const session = await stripe.checkout.sessions.create(
      sessionParams({ customer: customer.id, payment_intent_data: { setup_future_usage: "off_session" } }),
    )
    await control.pay(session.id, {
      payment_method: "pm_card_authenticationRequiredOnSetup",
      authenticate: "complete",
    })
    const { data } = await stripe.customers.listPaymentMethods(customer.id)
    expect(data).toMatchObject([{ card: { last4: "3155" } }])
    const later = await charge({ customer: customer.id, payment_method: data[0]?.id ?? "" })
    expect(later.status).toBe("succeeded")
  })

  test("keeps the session open when authentication fails", async () => {
    const session = await standIn.stripe.checkout.sessions.create(sessionParams())
    const { outcome } = await standIn.control.pay(session.id, {
      payment_method: "pm_card_authenticationRequired",
      authenticate: "fail",
    })
    expect(outcome).toMatchObject({
      kind: "declined",
      decline: { code: "payment_intent_authentication_failure" },
    })
    expect(await standIn.stripe.checkout.sessions.retrieve(session.id)).toMatchObject({ status: "open" })
  })

  test("declines after a completed authentication when there is no money", async () => {
    const session = await standIn.stripe.checkout.sessions.create(sessionParams())
    const { outcome } = await standIn.control.pay(session.id, {
      payment_method: "pm_card_authenticationRequiredChargeDeclinedInsufficientFunds",
      authenticate: "complete",
    })
    expect(outcome).toMatchObject({ decline: { declineCode: "insufficient_funds" } })
  })

  test.each([
    ["succeed", "paid", "checkout.session.async_payment_succeeded"],
    ["fail", "unpaid", "checkout.session.async_payment_failed"],
  ] as const)(
    "completes unpaid while the payment is processing, then can %s",
    async (outcome, status, type) => {
      const { stripe, control } = standIn
      const customer = await stripe.customers.create()
      const session = await stripe.checkout.sessions.create(sessionParams({ customer: customer.id }))
      await control.nextPayment({ kind: "processing", customer: customer.id })
      const paid = await control.pay(session.id)
      expect(paid.session).toMatchObject({ status: "complete", payment_status: "unpaid" })
      await control.settle(String(paid.session.payment_intent), { outcome })
      expect(await stripe.checkout.sessions.retrieve(session.id)).toMatchObject({ payment_status: status })
      expect((await stripe.events.list({ type })).data).toHaveLength(1)
    },
  )

  test("makes an invoice when the session asks for one", async () => {
    const session = await standIn.stripe.checkout.sessions.create(
      sessionParams({ invoice_creation: { enabled: true } }),
    )
    await standIn.control.pay(session.id)
    const paid = await standIn.stripe.checkout.sessions.retrieve(session.id, { expand: ["invoice"] })
    expect(paid.invoice).toMatchObject({ status: "paid", amount_paid: 2500 })
  })

  test("expires on the stand-in's clock and can't be paid after that", async () => {
    const session = await standIn.stripe.checkout.sessions.create(sessionParams())
    await standIn.control.advance(24 * 3600 * 1000)
    expect(await standIn.stripe.checkout.sessions.retrieve(session.id)).toMatchObject({ status: "expired" })
    expect((await standIn.stripe.events.list({ type: "checkout.session.expired" })).data).toHaveLength(1)
    await expect(standIn.control.pay(session.id)).rejects.toThrow(/expired/)
  })
})

describe("refunds", () => {
  test("refunds a part, then the rest, and nothing more", async () => {
    const { stripe, control } = standIn
    const intent = await charge(await savedCard("pm_card_visa"))
    await stripe.refunds.create({ payment_intent: intent.id, amount: 1000, metadata: { why: "test" } })
    await control.refund(String(intent.latest_charge))
    const refunded = await stripe.charges.retrieve(String(intent.latest_charge), { expand: ["refunds"] })
    expect(refunded).toMatchObject({
      refunded: true,
      amount_refunded: 2500,
      refunds: { data: [{ amount: 1500 }, { amount: 1000 }] },
    })
    await expect(stripe.refunds.create({ payment_intent: intent.id })).rejects.toThrow(
      /already been refunded/,
    )
    expect((await control.payments({ customer: String(intent.customer) })).data).toMatchObject([
      { refunded: 2500 },
    ])
  })
})
