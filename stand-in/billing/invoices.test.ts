import { describe, expect, test } from "vitest"
import { monthlyPrice, standInPerTest } from "../testing"

const standIn = standInPerTest()

async function subscriber() {
  const { stripe } = standIn
  const price = await monthlyPrice(stripe)
  const customer = await stripe.customers.create({ name: "Acme (Inc.)", email: "owner@example.com" })
  const method = await stripe.paymentMethods.attach("pm_card_visa", { customer: customer.id })
  const { id } = await stripe.subscriptions.create({
    customer: customer.id,
    items: [{ price: price.id }],
    default_payment_method: method.id,
  })
  return { id, customer: customer.id, method: method.id }
}

describe("invoices", () => {
  test("are numbered per customer, listed by subscription and status, and paged", async () => {
    const { stripe, control } = standIn
    const { id, customer } = await subscriber()
    await control.renewSubscription(id)
    await control.renewSubscription(id, { outcome: "fail" })
    const { data } = await stripe.invoices.list({ customer })
    expect(data.map(({ number }) => number?.slice(-4))).toEqual(["0003", "0002", "0001"])
    expect((await stripe.invoices.list({ subscription: id, status: "open" })).data).toHaveLength(1)
    const first = await stripe.invoices.list({ customer, limit: 2 })
    expect(first.has_more).toBe(true)
    const rest = await stripe.invoices.list({ customer, limit: 2, starting_after: first.data[1]?.id })
    expect(rest.data.map((each) => each.id)).toEqual([data[2]?.id])
    const created = { gte: data[2]?.created, lte: data[0]?.created }
    expect((await stripe.invoices.list({ created, limit: 100 })).data).toHaveLength(3)
    expect((await stripe.invoices.list({ created: { gt: data[0]?.created } })).data).toEqual([])
  })

  test("tell which payment paid them", async () => {
    const { stripe } = standIn
    const { customer } = await subscriber()
    const [intent] = (await stripe.paymentIntents.list({ customer })).data
    const payment = { type: "payment_intent", payment_intent: intent?.id ?? "" } as const
    const { data } = await stripe.invoicePayments.list({ payment, expand: ["data.invoice"] })
    expect(data).toMatchObject([{ status: "paid", amount_paid: 4000, invoice: { status: "paid" } }])
  })

  test("can be paid once, and voided instead of paid", async () => {
    const { stripe, control } = standIn
    const { id } = await subscriber()
    const owed = (await control.renewSubscription(id, { outcome: "fail" })).invoice.id
    expect((await stripe.invoices.pay(owed)).status).toBe("paid")
    await expect(stripe.invoices.pay(owed)).rejects.toThrow(/already paid/)
    await expect(stripe.invoices.voidInvoice(owed)).rejects.toThrow(/open/)
    const other = (await control.renewSubscription(id, { outcome: "fail" })).invoice.id
    expect((await stripe.invoices.voidInvoice(other)).status).toBe("void")
    await expect(stripe.invoices.pay(other)).rejects.toThrow(/void/)
  })

  test("have a page and a PDF", async () => {
    const { stripe } = standIn
    const { customer } = await subscriber()
    const [invoice] = (await stripe.invoices.list({ customer })).data
    const page = await (await fetch(invoice?.hosted_invoice_url ?? "")).text()
    expect(page).toContain(invoice?.number)
    expect(page).toContain("$40.00")
    const pdf = await fetch(invoice?.invoice_pdf ?? "")
    expect(pdf.headers.get("content-type")).toBe("application/pdf")
    const text = await pdf.text()
    expect(text).toMatch(/^%PDF-1\.4[\s\S]+%%EOF\n$/)
    expect(text).toContain("Acme \\(Inc.\\)")
    expect(text.indexOf("xref")).toBe(Number(text.match(/startxref\n(\d+)/)?.[1]))
  })
})

describe("webhook endpoints", () => {
  test("can be read, changed, switched off and deleted", async () => {
    const { webhookEndpoints } = standIn.stripe
    const made = await webhookEndpoints.create({ url: "http://127.0.0.1:9/hook", enabled_events: ["*"] })
    expect(made.secret).toMatch(/^whsec_/)
    const changed = await webhookEndpoints.update(made.id, {
      disabled: true,
      enabled_events: ["invoice.paid"],
    })
    expect(changed).toMatchObject({ status: "disabled", enabled_events: ["invoice.paid"] })
    expect((await webhookEndpoints.retrieve(made.id)).secret).toBeUndefined()
    await subscriber()
    expect((await standIn.control.deliveries()).data).toEqual([])
    expect(await webhookEndpoints.del(made.id)).toMatchObject({ deleted: true })
    await expect(webhookEndpoints.retrieve(made.id)).rejects.toMatchObject({ statusCode: 404 })
  })
})
