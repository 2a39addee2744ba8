import { describe, expect, test } from "vitest"
import { cardError, chargeSavedCard, saveCard, standInPerTest } from "../testing"

const standIn = standInPerTest()

const savedCard = (name: string) => saveCard(standIn.stripe, name)
const charge = (card: { customer: string; payment_method: string }) => chargeSavedCard(standIn.stripe, card)

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
    const error = await cardError(charge(await savedCard(name)))
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
    expect(await cardError(savedCard(name))).toMatchObject({ code })
  })

  test("declines the next charges as a test has asked", async () => {
    const card = await savedCard("pm_card_visa")
    await standIn.control.nextPayment({
      kind: "decline",
      code: "insufficient_funds",
      customer: card.customer,
    })
    expect(await cardError(charge(card))).toMatchObject({
      code: "card_declined",
      decline_code: "insufficient_funds",
    })
    expect(await charge(card)).toMatchObject({ status: "succeeded" })
  })

  test.each([
    ["stolen_card", "card_declined", "do_not_try_again"],
    ["lost_card", "card_declined", "do_not_try_again"],
    ["pickup_card", "card_declined", "do_not_try_again"],
    ["fraudulent", "card_declined", "do_not_try_again"],
    ["restricted_card", "card_declined", "do_not_try_again"],
    ["revocation_of_authorization", "card_declined", "do_not_try_again"],
    ["insufficient_funds", "card_declined", "try_again_later"],
    ["expired_card", "expired_card", "confirm_card_data"],
    ["incorrect_number", "incorrect_number", "confirm_card_data"],
  ] as const)("says %s as Stripe does: %s, with the advice %s", async (declineCode, code, advice) => {
    const card = await savedCard("pm_card_visa")
    const { customer } = card
    await standIn.control.nextPayment({ kind: "decline", code: declineCode, customer, times: 2 })
    const words = { code, decline_code: declineCode, advice_code: advice }
    for (const error of [await cardError(charge(card)), await cardError(charge(card))]) {
      expect(error).toMatchObject(words)
      expect(error.payment_intent?.last_payment_error).toMatchObject({ ...words, type: "card_error" })
      expect(await standIn.stripe.charges.retrieve(error.charge ?? "")).toMatchObject({
        status: "failed",
        failure_code: code,
        outcome: { reason: declineCode, advice_code: advice },
      })
    }
    expect(await charge(card)).toMatchObject({ status: "succeeded" })
  })

  test("takes no decline code that Stripe doesn't have", async () => {
    const invented = { kind: "decline", code: "card_is_tired" } as unknown as { kind: "processing" }
    await expect(standIn.control.nextPayment(invented)).rejects.toThrow(/code/)
  })

  test("declines a saved card that has expired since", async () => {
    const card = await savedCard("pm_card_visa")
    await standIn.control.expireCard(card.payment_method)
    expect(await cardError(charge(card))).toMatchObject({ code: "expired_card" })
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
