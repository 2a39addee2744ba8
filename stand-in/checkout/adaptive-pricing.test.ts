import { expect, test } from "vitest"
import { sessionParams, setupParams, standInPerTest } from "../testing"

const standIn = standInPerTest()

test("follows the Dashboard where the session says nothing, and the session where it does", async () => {
  const { stripe, control } = standIn
  const { id: customer } = await stripe.customers.create()
  await control.dashboard({ customer, adaptive_pricing: true })
  const enabled = async (params: Parameters<typeof sessionParams>[0]) =>
    (await stripe.checkout.sessions.create(sessionParams(params))).adaptive_pricing
  expect(await enabled({ customer })).toEqual({ enabled: true })
  expect(await enabled({ customer, adaptive_pricing: { enabled: false } })).toEqual({ enabled: false })
  expect(await enabled({})).toEqual({ enabled: false })
})

test("presents another currency to the buyer and keeps the shop's own in all amounts", async () => {
  const { stripe, control } = standIn
  const session = await stripe.checkout.sessions.create(
    sessionParams({ adaptive_pricing: { enabled: true } }),
  )
  const paid = (await control.pay(session.id, { currency: "eur" })).session
  const presentment_details = { presentment_amount: 2300, presentment_currency: "eur" }
  expect(paid).toMatchObject({ amount_total: 2500, currency: "usd", presentment_details })
  const intent = await stripe.paymentIntents.retrieve(String(paid.payment_intent), {
    expand: ["latest_charge"],
  })
  expect(intent).toMatchObject({
    amount_received: 2500,
    currency: "usd",
    presentment_details,
    latest_charge: { amount: 2500, currency: "usd", presentment_details },
  })
})

test("lets nobody pay in another currency without adaptive pricing", async () => {
  const { stripe, control } = standIn
  const session = await stripe.checkout.sessions.create(
    sessionParams({ adaptive_pricing: { enabled: false } }),
  )
  await expect(control.pay(session.id, { currency: "eur" })).rejects.toThrow(/without adaptive pricing/)
  expect(await stripe.checkout.sessions.retrieve(session.id)).toMatchObject({ status: "open" })
})

test("has no prices to adapt where a card is only saved", async () => {
  const params = setupParams({ adaptive_pricing: { enabled: false } })
  await expect(standIn.stripe.checkout.sessions.create(params)).rejects.toMatchObject({
    param: "adaptive_pricing",
  })
})
