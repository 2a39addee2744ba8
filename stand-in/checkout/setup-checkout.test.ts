import type Stripe from "stripe"
import { describe, expect, test } from "vitest"
import { chargeSavedCard, sessionParams, setupParams, standInPerTest, subscriptionSession } from "../testing"

const standIn = standInPerTest()

async function setupSession(more: Partial<Stripe.Checkout.SessionCreateParams> = {}) {
  const { stripe } = standIn
  const customer = await stripe.customers.create({ email: "owner@example.com" })
  return await stripe.checkout.sessions.create(setupParams({ customer: customer.id, ...more }))
}

function setupOf(session: Stripe.Checkout.Session): Promise<Stripe.SetupIntent> {
  return standIn.stripe.setupIntents.retrieve(String(session.setup_intent))
}

async function cardsOf(session: Stripe.Checkout.Session): Promise<Stripe.PaymentMethod[]> {
  return (await standIn.stripe.customers.listPaymentMethods(String(session.customer))).data
}

async function typesOf(session: Stripe.Checkout.Session): Promise<string[]> {
  const { data } = await standIn.control.events({ customer: String(session.customer) })
  return data.map(({ type }) => type).filter((type) => !type.startsWith("customer."))
}

describe("saving a card in checkout", () => {
  test("has its setup intent from the start and asks for no payment", async () => {
    const session = await setupSession({
      metadata: { team: "team_1" },
      setup_intent_data: { description: "Card for top-ups", metadata: { team: "team_1" } },
    })
    expect(session).toMatchObject({
      mode: "setup",
      status: "open",
      payment_status: "no_payment_required",
      amount_total: 0,
      currency: "usd",
      payment_intent: null,
      saved_payment_method_options: null,
      client_secret: expect.stringMatching(/^cs_test_\w+_secret_\w+$/),
      metadata: { team: "team_1" },
    })
    expect(await setupOf(session)).toMatchObject({
      status: "requires_payment_method",
      customer: session.customer,
      description: "Card for top-ups",
      metadata: { team: "team_1" },
      usage: "off_session",
    })
    const { data } = await standIn.stripe.checkout.sessions.listLineItems(session.id)
    expect(data).toEqual([])
  })

  test("saves the card on the customer, ready to be charged later", async () => {
    const { stripe, control } = standIn
    const session = await setupSession()
    await control.pay(session.id)
    const done = await stripe.checkout.sessions.retrieve(session.id, {
      expand: ["setup_intent.payment_method"],
    })
    expect(done).toMatchObject({
      status: "complete",
      payment_status: "no_payment_required",
      payment_intent: null,
      customer_details: { email: "owner@example.com" },
      setup_intent: { status: "succeeded", payment_method: { card: { last4: "4242" } } },
    })
    expect(await typesOf(session)).toEqual([
      "setup_intent.created",
      "payment_method.attached",
      "setup_intent.succeeded",
      "checkout.session.completed",
    ])
    const [card] = await cardsOf(session)
    expect(card).toMatchObject({ customer: session.customer, allow_redisplay: "limited" })
    expect((await control.payments({ customer: String(session.customer) })).data).toEqual([])
    const payment = { customer: String(session.customer), payment_method: card?.id ?? "" }
    expect((await chargeSavedCard(stripe, payment)).status).toBe("succeeded")
    await expect(control.pay(session.id)).rejects.toThrow(/complete/)
  })

  test("works on a hosted page and without a currency where the payment methods are named", async () => {
    const session = await setupSession({
      ui_mode: "hosted_page",
      redirect_on_completion: undefined,
      success_url: "https://shop.example/done",
      cancel_url: "https://shop.example/back",
      currency: undefined,
      allowed_payment_method_types: ["card"],
    })
    expect(session).toMatchObject({ currency: null, amount_total: null, client_secret: null })
    const page = await (await fetch(String(session.url))).text()
    expect(page).toMatch(/>Save</)
    expect(page).not.toMatch(/\$\d/)
    expect((await standIn.control.pay(session.id)).session).toMatchObject({ status: "complete", url: null })
    expect(await (await fetch(String(session.url))).text()).toMatch(/You&#39;re all done here/)
  })

  test.each([
    ["pm_card_visa_chargeDeclined", "generic_decline"],
    ["pm_card_visa_chargeDeclinedInsufficientFunds", "insufficient_funds"],
    ["pm_card_chargeDeclinedExpiredCard", "expired_card"],
  ])("stays open after %s and takes another card on the same setup intent", async (name, declineCode) => {
    const { control } = standIn
    const session = await setupSession()
    const refused = await control.pay(session.id, { payment_method: name })
    expect(refused).toMatchObject({
      outcome: { kind: "declined", decline: { declineCode } },
      session: { status: "open", setup_intent: session.setup_intent },
    })
    expect(await cardsOf(session)).toEqual([])
    expect(await setupOf(session)).toMatchObject({ last_setup_error: { decline_code: declineCode } })
    const { session: saved } = await control.pay(session.id, { payment_method: "pm_card_mastercard" })
    expect(saved).toMatchObject({ status: "complete", setup_intent: session.setup_intent })
    expect(await cardsOf(session)).toMatchObject([{ card: { last4: "4444" } }])
  })

  test("waits for authentication, and completes with it", async () => {
    const { control } = standIn
    const session = await setupSession()
    const waiting = await control.pay(session.id, { payment_method: "pm_card_authenticationRequiredOnSetup" })
    expect(waiting).toMatchObject({ outcome: { kind: "requires_action" }, session: { status: "open" } })
    await control.authenticateSetup(String(session.setup_intent), "complete")
    expect(await standIn.stripe.checkout.sessions.retrieve(session.id)).toMatchObject({ status: "complete" })
    expect(await typesOf(session)).toEqual([
      "setup_intent.created",
      "setup_intent.requires_action",
      "payment_method.attached",
      "setup_intent.succeeded",
      "checkout.session.completed",
    ])
  })

  test("stays open when authentication fails", async () => {
    const session = await setupSession()
    const { outcome } = await standIn.control.pay(session.id, {
      payment_method: "pm_card_authenticationRequired",
      authenticate: "fail",
    })
    expect(outcome).toMatchObject({ decline: { code: "setup_intent_authentication_failure" } })
    expect(await standIn.stripe.checkout.sessions.retrieve(session.id)).toMatchObject({ status: "open" })
    expect(await cardsOf(session)).toEqual([])
  })

  test("obeys what a test decides about the next card", async () => {
    const { control } = standIn
    const session = await setupSession()
    await control.nextSetup({ kind: "decline", code: "lost_card", customer: String(session.customer) })
    expect((await control.pay(session.id)).outcome).toMatchObject({ decline: { declineCode: "lost_card" } })
    expect((await control.pay(session.id)).outcome.kind).toBe("succeeded")
  })

  test("makes the customer only where the session asks for one", async () => {
    const { stripe, control } = standIn
    const [guest, member] = [
      await stripe.checkout.sessions.create(setupParams()),
      await stripe.checkout.sessions.create(setupParams({ customer_creation: "always" })),
    ]
    const payer = { email: "new@example.com", name: "Ada Lovelace" }
    expect((await control.pay(guest.id, payer)).session.customer).toBeNull()
    const { session } = await control.pay(member.id, payer)
    expect(await stripe.customers.retrieve(String(session.customer))).toMatchObject(payer)
    expect(await cardsOf(session)).toHaveLength(1)
  })
})

describe("the end of a session that saves a card", () => {
  test("expires by the API and gives up its setup intent", async () => {
    const { stripe, control } = standIn
    const session = await setupSession()
    await control.pay(session.id, { payment_method: "pm_card_authenticationRequired" })
    expect(await stripe.checkout.sessions.expire(session.id)).toMatchObject({ status: "expired" })
    expect(await setupOf(session)).toMatchObject({ status: "canceled", cancellation_reason: "abandoned" })
    expect((await typesOf(session)).slice(-2)).toEqual(["setup_intent.canceled", "checkout.session.expired"])
    await expect(control.pay(session.id)).rejects.toThrow(/expired/)
    await expect(control.authenticateSetup(String(session.setup_intent), "complete")).rejects.toThrow(
      /expired/,
    )
    expect(await cardsOf(session)).toEqual([])
  })

  test("expires on the stand-in's clock", async () => {
    const session = await setupSession()
    await standIn.control.advance(24 * 3600 * 1000)
    expect(await standIn.stripe.checkout.sessions.retrieve(session.id)).toMatchObject({ status: "expired" })
    expect(await setupOf(session)).toMatchObject({ status: "canceled" })
  })

  test("keeps its setup intent to itself, apart from the words on it", async () => {
    const { setupIntents } = standIn.stripe
    const session = await setupSession()
    const id = String(session.setup_intent)
    const card = { payment_method: "pm_card_visa" }
    const refusal = { type: "StripeInvalidRequestError", message: expect.stringMatching(/Checkout/) }
    await expect(
      setupIntents.confirm(id, { ...card, return_url: "https://shop.example" }),
    ).rejects.toMatchObject(refusal)
    await expect(setupIntents.cancel(id)).rejects.toMatchObject(refusal)
    await expect(setupIntents.update(id, card)).rejects.toMatchObject(refusal)
    expect(await setupIntents.update(id, { metadata: { team: "team_2" } })).toMatchObject({
      status: "requires_payment_method",
      metadata: { team: "team_2" },
    })
  })
})

describe("the parameters of each mode", () => {
  test.each([
    ["line_items", { line_items: sessionParams().line_items }],
    ["payment_intent_data", { payment_intent_data: { description: "Credits" } }],
    ["subscription_data", { subscription_data: { description: "Max" } }],
    ["invoice_creation", { invoice_creation: { enabled: true } }],
    ["saved_payment_method_options", { saved_payment_method_options: { payment_method_save: "enabled" } }],
    ["submit_type", { submit_type: "pay" }],
  ] as const)("refuses %s in setup mode and leaves no setup intent behind", async (param, more) => {
    await expect(
      standIn.stripe.checkout.sessions.create(setupParams(more as Stripe.Checkout.SessionCreateParams)),
    ).rejects.toMatchObject({
      type: "StripeInvalidRequestError",
      statusCode: 400,
      param,
      message: `You can not pass \`${param}\` in \`setup\` mode.`,
    })
    expect((await standIn.stripe.setupIntents.list()).data).toEqual([])
  })

  test("refuses setup_intent_data and a currency of their own in the other modes", async () => {
    const { stripe } = standIn
    const setup_intent_data = { description: "Card" }
    await expect(stripe.checkout.sessions.create(sessionParams({ setup_intent_data }))).rejects.toMatchObject(
      { message: "You can not pass `setup_intent_data` in `payment` mode." },
    )
    await expect(subscriptionSession(stripe, { setup_intent_data })).rejects.toMatchObject({
      message: "You can not pass `setup_intent_data` in `subscription` mode.",
    })
    await expect(stripe.checkout.sessions.create(sessionParams({ currency: "eur" }))).rejects.toMatchObject({
      param: "currency",
    })
  })

  test.each([
    ["a currency or payment methods in setup mode", setupParams({ currency: undefined }), "currency"],
    ["line items in payment mode", sessionParams({ line_items: undefined }), "line_items"],
    ["a customer that exists", setupParams({ customer: "cus_none" }), "customer"],
  ])("wants %s", async (_, params, param) => {
    await expect(standIn.stripe.checkout.sessions.create(params)).rejects.toMatchObject({
      type: "StripeInvalidRequestError",
      statusCode: 400,
      param,
    })
  })
})
