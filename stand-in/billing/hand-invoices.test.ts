import { describe, expect, test } from "vitest"
import { cardError, saveCard, standInPerTest } from "../testing"

const standIn = standInPerTest()

async function customerWithCard(card = "pm_card_visa") {
  const saved = await saveCard(standIn.stripe, card)
  await standIn.stripe.customers.update(saved.customer, {
    invoice_settings: { default_payment_method: saved.payment_method },
  })
  return saved
}

/** Creates an invoice of $25.00 by hand and finalizes it. */
async function openInvoice(customer: string) {
  const { stripe } = standIn
  const draft = await stripe.invoices.create({ customer, description: "Consulting" })
  const item = { customer, invoice: draft.id, amount: 2500, currency: "usd", description: "One hour" }
  await stripe.invoiceItems.create(item)
  return await stripe.invoices.finalizeInvoice(draft.id)
}

describe("an invoice written by hand", () => {
  test("is a draft, then open, and paid from the saved card without the customer", async () => {
    const { stripe, control } = standIn
    const { customer } = await customerWithCard()
    const open = await openInvoice(customer)
    expect(open).toMatchObject({ status: "open", amount_due: 2500, billing_reason: "manual", parent: null })
    const paid = await stripe.invoices.pay(open.id, { off_session: true, expand: ["payments"] })
    expect(paid).toMatchObject({
      status: "paid",
      amount_paid: 2500,
      payments: { data: [{ status: "paid" }] },
    })
    const { data } = await control.events({ customer })
    const told = data.map(({ type }) => type).filter((type) => type.startsWith("invoice"))
    expect(told).toEqual([
      "invoice.created",
      "invoiceitem.created",
      "invoice.updated",
      "invoice.finalized",
      "invoice.paid",
      "invoice.payment_succeeded",
    ])
    expect((await control.payments({ customer })).data).toMatchObject([{ amount_received: 2500 }])
  })

  test("stays open when the card refuses, and is paid by another try", async () => {
    const { stripe, control } = standIn
    const { customer } = await customerWithCard()
    const { id } = await openInvoice(customer)
    await control.nextPayment({ kind: "decline", code: "do_not_honor", customer })
    expect(await cardError(stripe.invoices.pay(id))).toMatchObject({ decline_code: "do_not_honor" })
    expect((await stripe.invoices.retrieve(id)).status).toBe("open")
    expect((await stripe.invoices.pay(id)).status).toBe("paid")
    await expect(stripe.invoices.pay(id)).rejects.toThrow(/already paid/)
  })

  test("takes the items that wait for the customer, and charges at once when told to go on", async () => {
    const { stripe } = standIn
    const { customer } = await customerWithCard()
    await stripe.invoiceItems.create({ customer, amount: 700, currency: "usd" })
    const draft = await stripe.invoices.create({ customer, pending_invoice_items_behavior: "include" })
    expect(draft).toMatchObject({ status: "draft", total: 700 })
    const done = await stripe.invoices.finalizeInvoice(draft.id, { auto_advance: true })
    expect(done).toMatchObject({ status: "paid", amount_paid: 700 })
    const empty = await stripe.invoices.create({ customer, pending_invoice_items_behavior: "include" })
    expect(empty.total).toBe(0)
    await expect(stripe.invoices.finalizeInvoice(empty.id)).rejects.toMatchObject({ statusCode: 400 })
  })

  test("can be voided or given up, and one that was given up can still be paid", async () => {
    const { stripe } = standIn
    const { customer } = await customerWithCard()
    const [voided, givenUp] = [await openInvoice(customer), await openInvoice(customer)]
    expect((await stripe.invoices.voidInvoice(voided.id)).status).toBe("void")
    await expect(stripe.invoices.markUncollectible(voided.id)).rejects.toMatchObject({ statusCode: 400 })
    const lost = await stripe.invoices.markUncollectible(givenUp.id)
    expect(lost).toMatchObject({ status: "uncollectible", amount_remaining: 2500 })
    expect((await stripe.invoices.pay(givenUp.id)).status).toBe("paid")
  })

  test("can't be changed once it is finalized, only deleted before", async () => {
    const { stripe } = standIn
    const { customer } = await customerWithCard()
    const open = await openInvoice(customer)
    const more = stripe.invoiceItems.create({ customer, invoice: open.id, amount: 100, currency: "usd" })
    await expect(more).rejects.toMatchObject({ code: "invoice_not_editable" })
    await expect(stripe.invoices.del(open.id)).rejects.toMatchObject({ code: "invoice_not_editable" })
    const draft = await stripe.invoices.create({ customer })
    expect(await stripe.invoices.del(draft.id)).toMatchObject({ deleted: true })
  })

  test("is paid by a payment that was made elsewhere, or by money outside of Stripe", async () => {
    const { stripe, control } = standIn
    const { customer, payment_method } = await customerWithCard()
    const open = await openInvoice(customer)
    const intent = await stripe.paymentIntents.create({
      amount: 2500,
      currency: "usd",
      customer,
      payment_method,
      confirm: true,
      off_session: true,
    })
    const paid = await stripe.invoices.attachPayment(open.id, {
      payment_intent: intent.id,
      expand: ["payments"],
    })
    expect(paid).toMatchObject({
      status: "paid",
      payments: { data: [{ payment: { payment_intent: intent.id } }] },
    })
    const cash = await stripe.invoices.pay((await openInvoice(customer)).id, { paid_out_of_band: true })
    expect(cash.status).toBe("paid")
    expect((await control.payments({ customer })).count).toBe(1)
  })
})

describe("a customer's credit", () => {
  test("pays an invoice whole, with no payment at all", async () => {
    const { stripe, control } = standIn
    const { customer } = await customerWithCard()
    await stripe.customers.createBalanceTransaction(customer, { amount: -3000, currency: "usd" })
    const paid = await openInvoice(customer)
    expect(paid).toMatchObject({
      status: "paid",
      total: 2500,
      amount_due: 0,
      amount_paid: 0,
      starting_balance: -3000,
      ending_balance: -500,
    })
    expect((await control.payments({ customer })).count).toBe(0)
    expect(await stripe.customers.retrieve(customer)).toMatchObject({ balance: -500 })
    const { data } = await stripe.customers.listBalanceTransactions(customer)
    expect(data).toMatchObject([
      { type: "applied_to_invoice", amount: 2500, ending_balance: -500, invoice: paid.id },
      { type: "adjustment", amount: -3000, ending_balance: -3000 },
    ])
  })

  test("pays a part, and the card the rest", async () => {
    const { stripe } = standIn
    const { customer } = await customerWithCard()
    await stripe.customers.createBalanceTransaction(customer, { amount: -1000, currency: "usd" })
    const open = await openInvoice(customer)
    expect(open).toMatchObject({ status: "open", amount_due: 1500 })
    expect(await stripe.invoices.pay(open.id)).toMatchObject({ amount_paid: 1500, ending_balance: 0 })
  })
})
