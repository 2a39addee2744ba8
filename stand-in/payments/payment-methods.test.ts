import { describe, expect, test } from "vitest"
import { cardError, chargeSavedCard, saveCard, standInPerTest } from "../testing"

const standIn = standInPerTest()

describe("saved cards", () => {
  test("list newest first, by customer and by who may see them again, in pages", async () => {
    const { stripe } = standIn
    const { customer, payment_method: first } = await saveCard(stripe, "pm_card_visa")
    const second = await stripe.paymentMethods.attach("pm_card_mastercard", { customer })
    await saveCard(stripe, "pm_card_amex")
    const page = await stripe.paymentMethods.list({ customer, type: "card", limit: 1 })
    expect([page.data.map((each) => each.id), page.has_more]).toEqual([[second.id], true])
    const rest = await stripe.paymentMethods.list({ customer, starting_after: second.id })
    expect(rest.data.map((each) => each.id)).toEqual([first])
    await stripe.paymentMethods.update(first, { allow_redisplay: "always" })
    const shown = await stripe.paymentMethods.list({ customer, allow_redisplay: "always" })
    expect(shown.data.map((each) => each.id)).toEqual([first])
  })

  test("have the same fingerprint for the same number, whoever saved it", async () => {
    const { stripe } = standIn
    const methods = []
    for (const name of ["pm_card_visa", "pm_card_visa", "pm_card_mastercard"]) {
      const { payment_method } = await saveCard(stripe, name)
      methods.push(await stripe.paymentMethods.retrieve(payment_method))
    }
    const [visa, again, other] = methods.map((each) => each.card?.fingerprint)
    expect(again).toBe(visa)
    expect(other).not.toBe(visa)
  })

  test("become and stop being the customer's default", async () => {
    const { stripe } = standIn
    const { customer, payment_method } = await saveCard(stripe, "pm_card_visa")
    const settings = { invoice_settings: { default_payment_method: payment_method } }
    const full = await stripe.customers.update(customer, {
      ...settings,
      expand: ["invoice_settings.default_payment_method"],
    })
    expect(full.invoice_settings.default_payment_method).toMatchObject({ id: payment_method })
    await stripe.paymentMethods.detach(payment_method)
    const left = await stripe.customers.retrieve(customer)
    expect(left).toMatchObject({ invoice_settings: { default_payment_method: null } })
    await expect(stripe.paymentMethods.attach(payment_method, { customer })).rejects.toThrow(/detached/)
  })
})

describe("what happens to saved cards without anybody asking", () => {
  test("they expire, get another date by hand or from the network, and each is announced", async () => {
    const { stripe, control } = standIn
    const card = await saveCard(stripe, "pm_card_visa")
    await control.expireCard(card.payment_method)
    expect(await cardError(chargeSavedCard(stripe, card))).toMatchObject({ code: "expired_card" })
    await control.updateCard(card.payment_method, { exp_year: 2040, automatic: true })
    expect((await chargeSavedCard(stripe, card)).status).toBe("succeeded")
    await stripe.paymentMethods.update(card.payment_method, { card: { exp_month: 7 } })
    const { data } = await control.events({ customer: card.customer })
    const updates = data.filter(({ type }) => /^payment_method\..*updated$/.test(type))
    expect(updates.map((event) => event.type)).toEqual([
      "payment_method.updated",
      "payment_method.automatically_updated",
      "payment_method.updated",
    ])
    expect(updates[2]?.data).toMatchObject({
      object: { card: { exp_month: 7, exp_year: 2040 } },
      previous_attributes: { card: { exp_month: 12 } },
    })
  })

  test("the bank wants authentication again, so a payment without the customer is refused", async () => {
    const { stripe, control } = standIn
    const card = await saveCard(stripe, "pm_card_visa")
    await control.requireAuthentication(card.payment_method)
    const error = await cardError(chargeSavedCard(stripe, card))
    expect(error).toMatchObject({ code: "authentication_required", payment_intent: { amount: 2500 } })
  })
})
