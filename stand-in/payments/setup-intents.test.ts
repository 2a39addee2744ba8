import type Stripe from "stripe"
import { describe, expect, test } from "vitest"
import { cardError, chargeSavedCard, standInPerTest } from "../testing"

const standIn = standInPerTest()

async function newSetup(more: Stripe.SetupIntentCreateParams = {}) {
  const customer = await standIn.stripe.customers.create({ email: "owner@example.com" })
  return standIn.stripe.setupIntents.create({
    customer: customer.id,
    usage: "off_session",
    allowed_payment_method_types: ["card"],
    ...more,
  })
}

function chargeOffSession(setup: Stripe.SetupIntent) {
  const card = { customer: String(setup.customer), payment_method: String(setup.payment_method) }
  return chargeSavedCard(standIn.stripe, card)
}

async function typesOf(setup: Stripe.SetupIntent): Promise<string[]> {
  const { data } = await standIn.control.events({ customer: String(setup.customer) })
  return data.map((event) => event.type).filter((type) => !type.startsWith("customer."))
}

describe("saving a card", () => {
  test("attaches the card to the customer once it has succeeded, ready for later payments", async () => {
    const { stripe } = standIn
    const setup = await newSetup({ metadata: { team: "acme" } })
    expect(setup).toMatchObject({
      status: "requires_payment_method",
      client_secret: expect.stringMatching(/^seti_\w+_secret_\w+$/),
      automatic_payment_methods: null,
    })
    const done = await stripe.setupIntents.confirm(setup.id, { payment_method: "pm_card_visa" })
    expect(done).toMatchObject({ status: "succeeded", metadata: { team: "acme" }, next_action: null })
    const full = await stripe.setupIntents.retrieve(setup.id, {
      expand: ["payment_method", "customer", "latest_attempt"],
    })
    expect(full).toMatchObject({
      customer: { email: "owner@example.com" },
      payment_method: { customer: setup.customer, card: { last4: "4242" } },
      latest_attempt: { status: "succeeded", setup_intent: setup.id },
    })
    expect(await typesOf(setup)).toEqual([
      "setup_intent.created",
      "payment_method.attached",
      "setup_intent.succeeded",
    ])
    expect(await chargeOffSession(done)).toMatchObject({ status: "succeeded" })
  })

  test("creates and confirms in one call", async () => {
    const setup = await newSetup({ confirm: true, payment_method: "pm_card_mastercard" })
    expect(setup.status).toBe("succeeded")
    expect((await standIn.stripe.customers.listPaymentMethods(String(setup.customer))).data).toMatchObject([
      { id: setup.payment_method, card: { last4: "4444" } },
    ])
  })

  test.each([
    ["pm_card_visa_chargeDeclined", "card_declined", "generic_decline"],
    ["pm_card_visa_chargeDeclinedInsufficientFunds", "card_declined", "insufficient_funds"],
    ["pm_card_visa_chargeDeclinedLostCard", "card_declined", "lost_card"],
    ["pm_card_visa_chargeDeclinedStolenCard", "card_declined", "stolen_card"],
    ["pm_card_visa_chargeDeclinedVelocityLimitExceeded", "card_declined", "card_velocity_exceeded"],
    ["pm_card_chargeDeclinedExpiredCard", "expired_card", "expired_card"],
    ["pm_card_chargeDeclinedIncorrectCvc", "incorrect_cvc", "incorrect_cvc"],
    ["pm_card_chargeDeclinedProcessingError", "processing_error", "processing_error"],
  ])("refuses %s with 402 %s and takes another card afterwards", async (name, code, declineCode) => {
    const { stripe } = standIn
    const setup = await newSetup()
    const error = await cardError(stripe.setupIntents.confirm(setup.id, { payment_method: name }))
    expect(error).toMatchObject({ statusCode: 402, code, decline_code: declineCode })
    expect(error.setup_intent).toMatchObject({
      id: setup.id,
      status: "requires_payment_method",
      payment_method: null,
      last_setup_error: { code, decline_code: declineCode },
    })
    expect(await typesOf(setup)).toEqual(["setup_intent.created", "setup_intent.setup_failed"])
    const done = await stripe.setupIntents.confirm(setup.id, { payment_method: "pm_card_visa" })
    expect(done).toMatchObject({ status: "succeeded", last_setup_error: null })
    const attempts = await stripe.setupAttempts.list({ setup_intent: setup.id })
    expect(attempts.data.map((each) => each.status)).toEqual(["succeeded", "failed"])
  })

  test("saves 4000000000000341, which then declines every charge", async () => {
    const setup = await newSetup({ confirm: true, payment_method: "pm_card_chargeCustomerFail" })
    expect(setup.status).toBe("succeeded")
    for (const _ of [1, 2]) {
      expect(await cardError(chargeOffSession(setup))).toMatchObject({ code: "card_declined" })
    }
  })

  test("declines the next setup of one customer when a test asks for it", async () => {
    const { stripe, control } = standIn
    const [mine, other] = [await newSetup(), await newSetup()]
    await control.nextSetup({ kind: "decline", code: "do_not_honor", customer: String(mine.customer) })
    const confirm = (setup: Stripe.SetupIntent) =>
      stripe.setupIntents.confirm(setup.id, { payment_method: "pm_card_visa" })
    expect((await confirm(other)).status).toBe("succeeded")
    expect(await cardError(confirm(mine))).toMatchObject({ decline_code: "do_not_honor" })
    expect((await confirm(mine)).status).toBe("succeeded")
  })
})

describe("a card that wants authentication at setup", () => {
  test.each([
    ["pm_card_authenticationRequired", "authentication_required"],
    ["pm_card_authenticationRequiredOnSetup", null],
    ["pm_card_authenticationRequiredChargeDeclinedInsufficientFunds", "authentication_required"],
  ])("saves %s after it; later payments without the customer: %s", async (name, refusal) => {
    const { control } = standIn
    const setup = await newSetup({ confirm: true, payment_method: name })
    expect(setup).toMatchObject({ status: "requires_action", next_action: { type: "use_stripe_sdk" } })
    expect((await standIn.stripe.customers.listPaymentMethods(String(setup.customer))).data).toEqual([])
    await control.authenticateSetup(setup.id, "complete")
    const done = await standIn.stripe.setupIntents.retrieve(setup.id)
    expect(done).toMatchObject({ status: "succeeded", next_action: null })
    expect(await typesOf(setup)).toEqual([
      "setup_intent.created",
      "setup_intent.requires_action",
      "payment_method.attached",
      "setup_intent.succeeded",
    ])
    if (refusal === null) expect((await chargeOffSession(done)).status).toBe("succeeded")
    else expect(await cardError(chargeOffSession(done))).toMatchObject({ code: refusal })
  })

  test("stays unsaved when authentication fails", async () => {
    const { control, stripe } = standIn
    const setup = await newSetup({ confirm: true, payment_method: "pm_card_authenticationRequired" })
    const { outcome } = await control.authenticateSetup(setup.id, "fail")
    expect(outcome.kind).toBe("declined")
    expect(await stripe.setupIntents.retrieve(setup.id)).toMatchObject({
      status: "requires_payment_method",
      last_setup_error: { code: "setup_intent_authentication_failure" },
    })
    expect(await typesOf(setup)).toContain("setup_intent.setup_failed")
    await expect(control.authenticateSetup(setup.id, "complete")).rejects.toThrow(/no longer waiting/)
  })

  test("sends the customer to the bank's page and back where a return_url is given", async () => {
    const setup = await newSetup({
      confirm: true,
      payment_method: "pm_card_authenticationRequired",
      return_url: "https://shop.example/back",
    })
    expect(setup.next_action).toMatchObject({
      type: "redirect_to_url",
      redirect_to_url: { return_url: "https://shop.example/back" },
    })
  })

  test("can be asked for again by the bank, until the customer comes back on-session", async () => {
    const { stripe, control } = standIn
    const setup = await newSetup({ confirm: true, payment_method: "pm_card_visa" })
    const method = String(setup.payment_method)
    await control.requireAuthentication(method)
    const error = await cardError(chargeOffSession(setup))
    expect(error).toMatchObject({ code: "authentication_required" })
    const id = error.payment_intent?.id ?? ""
    const again = await stripe.paymentIntents.confirm(id, { payment_method: method })
    expect(again.status).toBe("requires_action")
    await control.authenticate(id, "complete")
    expect((await stripe.paymentIntents.retrieve(id)).status).toBe("succeeded")
    expect((await chargeOffSession(setup)).status).toBe("succeeded")
  })
})

describe("the life of a setup intent", () => {
  test("updates, cancels, and then refuses to be confirmed", async () => {
    const { stripe } = standIn
    const setup = await newSetup({ metadata: { a: "1" } })
    const updated = await stripe.setupIntents.update(setup.id, {
      description: "Card for top-ups",
      metadata: { b: "2" },
      payment_method: "pm_card_visa",
    })
    expect(updated).toMatchObject({
      description: "Card for top-ups",
      metadata: { a: "1", b: "2" },
      status: "requires_confirmation",
    })
    const canceled = await stripe.setupIntents.cancel(setup.id, { cancellation_reason: "abandoned" })
    expect(canceled).toMatchObject({ status: "canceled", cancellation_reason: "abandoned" })
    await expect(stripe.setupIntents.confirm(setup.id)).rejects.toMatchObject({
      code: "setup_intent_unexpected_state",
    })
    await expect(stripe.setupIntents.cancel(setup.id)).rejects.toThrow(/status of canceled/)
    expect(await typesOf(setup)).toEqual(["setup_intent.created", "setup_intent.canceled"])
  })

  test("lists those of one customer, newest first, in pages", async () => {
    const { stripe } = standIn
    const first = await newSetup()
    const customer = String(first.customer)
    const second = await newSetup({ customer })
    await newSetup()
    const page = await stripe.setupIntents.list({ customer, limit: 1 })
    expect([page.data.map((each) => each.id), page.has_more]).toEqual([[second.id], true])
    const rest = await stripe.setupIntents.list({ customer, starting_after: second.id })
    expect([rest.data.map((each) => each.id), rest.has_more]).toEqual([[first.id], false])
  })

  test("replays the same answer for the same key, a refusal too", async () => {
    const { stripe } = standIn
    const setup = await newSetup()
    const confirm = () =>
      stripe.setupIntents.confirm(
        setup.id,
        { payment_method: "pm_card_visa_chargeDeclined" },
        { idempotencyKey: "refused" },
      )
    const [first, second] = [await cardError(confirm()), await cardError(confirm())]
    expect(second.setup_intent).toEqual(first.setup_intent)
    expect((await stripe.setupAttempts.list({ setup_intent: setup.id })).data).toHaveLength(1)
  })

  test.each([
    ["payment_method_types", { payment_method_types: ["card"] }, /no longer accepted/],
    ["a card of another customer", { payment_method: "other" }, /does not belong to the Customer/],
    ["a missing customer", { customer: "cus_none" }, /No such customer/],
    ["no return_url where methods may redirect", { allowed_payment_method_types: undefined }, /return_url/],
  ])("refuses %s", async (_, more, message) => {
    const saved = await newSetup({ confirm: true, payment_method: "pm_card_visa" })
    const given: Record<string, unknown> = { confirm: true, payment_method: "pm_card_visa", ...more }
    if (given.payment_method === "other") given.payment_method = saved.payment_method
    await expect(newSetup(given)).rejects.toThrow(message)
  })
})
