import { describe, expect, test } from "vitest"
import { sessionParams, standInPerTest } from "../testing"

const standIn = standInPerTest()
const PAYMENT = { amount: 2500, currency: "usd" } as const

/** Returns a method bought with in checkout and kept for later. */
async function bought(type: "amazon_pay" | "cashapp" | "link" | "us_bank_account") {
  const { stripe, control } = standIn
  const { id: customer } = await stripe.customers.create({ email: "owner@example.com" })
  const session = await stripe.checkout.sessions.create(
    sessionParams({ customer, payment_intent_data: { setup_future_usage: "off_session" } }),
  )
  const { id } = await control.newMethod(type)
  const paid = await control.pay(session.id, { payment_method: id })
  return { customer, payment_method: id, session: paid.session, outcome: paid.outcome }
}

describe("a wallet", () => {
  test.each(["amazon_pay", "cashapp", "link"] as const)("%s pays in checkout and is saved", async (type) => {
    const { customer, session, outcome } = await bought(type)
    expect([outcome.kind, session.payment_status]).toEqual(["succeeded", "paid"])
    const { data } = await standIn.stripe.customers.listPaymentMethods(customer)
    expect(data).toMatchObject([{ type, customer }])
    expect((await standIn.stripe.customers.listPaymentMethods(customer, { type: "card" })).data).toEqual([])
    const charge = (await standIn.stripe.charges.list({ customer })).data[0]
    expect(charge?.payment_method_details?.type).toBe(type)
  })

  test.each(["amazon_pay", "cashapp"] as const)(
    "%s sends its customer away, so it needs a payment that may",
    async (type) => {
      const { stripe } = standIn
      const { customer, payment_method } = await bought(type)
      const saved = { customer, payment_method }
      const stays = stripe.paymentIntents.create({
        ...PAYMENT,
        ...saved,
        automatic_payment_methods: { enabled: true, allow_redirects: "never" },
      })
      await expect(stays).rejects.toMatchObject({
        statusCode: 400,
        code: "payment_intent_incompatible_payment_method",
      })
      const intent = await stripe.paymentIntents.create({ ...PAYMENT, ...saved })
      expect((await stripe.paymentIntents.confirm(intent.id, { off_session: true })).status).toBe("succeeded")
    },
  )

  test("link stays on the page, and is refused where only cards are named", async () => {
    const { stripe } = standIn
    const { customer, payment_method } = await bought("link")
    const saved = { ...PAYMENT, customer, payment_method, confirm: true, off_session: true }
    const stays = { enabled: true, allow_redirects: "never" } as const
    const paid = await stripe.paymentIntents.create({ ...saved, automatic_payment_methods: stays })
    expect(paid.status).toBe("succeeded")
    const cardsOnly = stripe.paymentIntents.create({ ...saved, allowed_payment_method_types: ["card"] })
    await expect(cardsOnly).rejects.toMatchObject({ code: "payment_intent_incompatible_payment_method" })
  })
})

describe("a bank debit", () => {
  test("is on its way first, then succeeds, and is saved meanwhile", async () => {
    const { stripe, control } = standIn
    const { customer, session, outcome } = await bought("us_bank_account")
    expect([outcome.kind, session.status, session.payment_status]).toEqual([
      "processing",
      "complete",
      "unpaid",
    ])
    expect((await stripe.customers.listPaymentMethods(customer)).data).toMatchObject([
      { type: "us_bank_account" },
    ])
    await control.settle(session.id, { outcome: "succeed" })
    expect((await stripe.checkout.sessions.retrieve(session.id)).payment_status).toBe("paid")
    const { data } = await control.events({ customer })
    expect(data.map(({ type }) => type)).toEqual(
      expect.arrayContaining(["payment_intent.processing", "checkout.session.async_payment_succeeded"]),
    )
  })

  test("fails off-session days later with a code of its own and no decline code", async () => {
    const { stripe, control } = standIn
    const { customer, payment_method, session } = await bought("us_bank_account")
    await control.settle(session.id, { outcome: "succeed" })
    const params = { ...PAYMENT, customer, payment_method, confirm: true, off_session: true }
    const { id, status } = await stripe.paymentIntents.create(params)
    expect(status).toBe("processing")
    await control.settle(id, { outcome: "fail", decline_code: "insufficient_funds" })
    const failed = await stripe.paymentIntents.retrieve(id)
    expect(failed).toMatchObject({
      status: "requires_payment_method",
      last_payment_error: { code: "insufficient_funds" },
    })
    expect(failed.last_payment_error?.decline_code).toBeUndefined()
  })
})
