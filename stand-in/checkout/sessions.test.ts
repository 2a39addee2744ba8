import { describe, expect, test } from "vitest"
import { PRICE, sessionParams, standInPerTest } from "../testing"

const standIn = standInPerTest()

describe("tax and a promotion code that the Dashboard switched on", () => {
  test("are in the session's amounts, in each line item's, and in what is charged", async () => {
    const { stripe, control } = standIn
    const { id: customer } = await stripe.customers.create()
    await control.dashboard({ customer, checkout_tax: 205, checkout_discount: 500 })
    const item = { quantity: 1, price_data: PRICE }
    const session = await stripe.checkout.sessions.create(
      sessionParams({ customer, line_items: [item, item] }),
    )
    expect(session).toMatchObject({
      amount_subtotal: 5000,
      amount_total: 4705,
      total_details: { amount_discount: 500, amount_tax: 205 },
    })
    const { data } = await stripe.checkout.sessions.listLineItems(session.id)
    expect(data.map((each) => [each.amount_discount, each.amount_tax, each.amount_total])).toEqual([
      [250, 103, 2353],
      [250, 102, 2352],
    ])
    await control.pay(session.id)
    expect((await control.payments({ customer })).data).toMatchObject([{ amount_received: 4705 }])
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
    const later = await stripe.paymentIntents.create({
      amount: 2500,
      currency: "usd",
      customer: customer.id,
      payment_method: data[0]?.id,
      allowed_payment_method_types: ["card"],
      confirm: true,
      off_session: true,
    })
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
