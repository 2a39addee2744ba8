import { expect, test } from "vitest"
import { saveCard, standInPerTest } from "../testing"

const standIn = standInPerTest()

test("keeps on the charge how a saved card is used when nobody is there", async () => {
  const { stripe } = standIn
  const saved = await saveCard(stripe, "pm_card_visa")
  const created = await stripe.paymentIntents.create({
    amount: 2500,
    currency: "usd",
    payment_method_options: { card: { stored_credential_usage: "unscheduled" } },
    ...saved,
  })
  expect(created.payment_method_options?.card).toMatchObject({
    stored_credential_usage: "unscheduled",
    request_three_d_secure: "automatic",
  })
  const paid = await stripe.paymentIntents.confirm(created.id, {
    off_session: true,
    return_url: "https://example.com/back",
    expand: ["latest_charge"],
  })
  expect(paid.latest_charge).toMatchObject({
    payment_method_details: { card: { stored_credential_usage: "unscheduled" } },
  })
})

test("keeps on the charge what a card is saved for", async () => {
  const { stripe } = standIn
  const { id: customer } = await stripe.customers.create()
  const paid = await stripe.paymentIntents.create({
    amount: 2500,
    currency: "usd",
    customer,
    payment_method: "pm_card_visa",
    setup_future_usage: "off_session",
    payment_method_options: { card: { setup_credential_usage: "unscheduled" } },
    confirm: true,
    return_url: "https://example.com/back",
    expand: ["latest_charge"],
  })
  expect(paid.latest_charge).toMatchObject({
    payment_method_details: { card: { setup_credential_usage: "unscheduled" } },
  })
})

test("saves a card for later charges with a setup intent", async () => {
  const intent = await standIn.stripe.setupIntents.create({
    payment_method_options: { card: { setup_credential_usage: "unscheduled" } },
  })
  expect(intent.payment_method_options?.card).toMatchObject({ setup_credential_usage: "unscheduled" })
})

test("refuses to use a saved card and to save it in one payment", async () => {
  const { stripe } = standIn
  const params = {
    amount: 2500,
    currency: "usd",
    payment_method_options: { card: { stored_credential_usage: "unscheduled" } },
  } as const
  const both = stripe.paymentIntents.create({ ...params, setup_future_usage: "off_session" })
  await expect(both).rejects.toMatchObject({
    statusCode: 400,
    param: "payment_method_options[card][stored_credential_usage]",
  })
  const { id } = await stripe.paymentIntents.create(params)
  const later = stripe.paymentIntents.update(id, { setup_future_usage: "off_session" })
  await expect(later).rejects.toMatchObject({ statusCode: 400 })
})
