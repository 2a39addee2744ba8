import type { Context, Hono } from "hono"
import { collectInvoice } from "../billing/collect"
import { intentOfInvoice } from "../objects/invoice-payment"
import { cardsOf } from "../payments/payment-methods"
import type { WireInvoice } from "../world/billing-tables"
import type { World } from "../world/world"
import { readCard } from "./card-form"
import { type InvoiceView, invoiceFacts, invoicePage } from "./invoice"
import { money } from "./layout"
import { textPdf } from "./pdf"

type NotFound = (c: Context, what: string) => Response | Promise<Response>

const MISSING = "There is no such invoice."

export function invoiceRoutes(app: Hono, world: World, notFound: NotFound): void {
  const issued = (c: Context): WireInvoice | null => {
    const invoice = world.store.get("invoice", c.req.param("id") ?? "")
    return invoice && invoice.status !== "draft" ? invoice : null
  }
  const show = (c: Context, invoice: WireInvoice, more: Partial<InvoiceView> = {}) =>
    c.html(invoicePage({ invoice, savedCards: cardsOf(world, String(invoice.customer)), ...more }))
  app.get("/invoices/:id", (c) => {
    const invoice = issued(c)
    if (!invoice) return notFound(c, MISSING)
    const failed = c.req.query("redirect_status") === "failed"
    return show(c, invoice, { message: failed ? "We are unable to authenticate your payment method." : null })
  })
  app.get("/invoices/:id/pdf", (c) => {
    const invoice = issued(c)
    return invoice
      ? c.body(pdfOf(invoice), 200, {
          "content-type": "application/pdf",
          "content-disposition": `attachment; filename="Invoice-${invoice.number}.pdf"`,
        })
      : notFound(c, MISSING)
  })
  app.post("/invoices/:id/pay", async (c) => {
    const invoice = issued(c)
    if (!invoice) return notFound(c, MISSING)
    const at = `/invoices/${invoice.id}`
    if (invoice.status !== "open") return c.redirect(at, 303)
    const body = await c.req.parseBody()
    const saved = cardsOf(world, String(invoice.customer)).find((method) => method.id === body.saved)
    const read = saved ? { method: saved } : readCard(world, body)
    if (!("method" in read)) return show(c, invoice, read)
    const outcome = collectInvoice(world, invoice, {
      method: read.method,
      offSession: false,
      automatic: false,
      returnUrl: `${world.baseUrl}${at}`,
    })
    if (outcome.kind === "declined") return show(c, invoice, { message: outcome.decline.message })
    const secret = intentOfInvoice(world, invoice.id)?.client_secret
    return c.redirect(outcome.kind === "requires_action" ? `/three-d-secure/${secret}` : at, 303)
  })
}

function pdfOf(invoice: WireInvoice): string {
  return textPdf([
    "Stripe stand-in: no real money",
    "",
    `Invoice ${invoice.number}`,
    `${invoice.customer_name ?? ""} ${invoice.customer_email ?? ""}`,
    "",
    ...invoiceFacts(invoice).map(([name, value]) => `${name}: ${value}`),
    "",
    ...invoice.lines.data.map((line) => `${line.description}: ${money(line.amount, line.currency)}`),
    `Total: ${money(invoice.total, invoice.currency)}`,
  ])
}
