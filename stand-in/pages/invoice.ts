import { html } from "hono/html"
import type Stripe from "stripe"
import type { WireInvoice } from "../world/billing-tables"
import { cardInputs, type TypedCard } from "./card-form"
import { type Html, longDate, methodName, money, page } from "./layout"
import { facts } from "./receipt"

const STATUS: Record<string, string> = {
  draft: "Draft",
  open: "Open",
  paid: "Paid",
  uncollectible: "Uncollectible",
  void: "Void",
}

export interface InvoiceView {
  invoice: WireInvoice
  savedCards: Stripe.PaymentMethod[]
  values?: TypedCard
  problems?: Parameters<typeof cardInputs>[1]
  message?: string | null
}

/** Returns an invoice's lines as words, for the page and the PDF alike. */
export function invoiceFacts(invoice: WireInvoice): Array<[string, string]> {
  const { status, currency, status_transitions: at } = invoice
  const isPaid = status === "paid"
  return [
    isPaid
      ? ["Amount paid", money(invoice.amount_paid, currency)]
      : ["Amount due", money(invoice.amount_remaining, currency)],
    ["Date of issue", longDate(at.finalized_at ?? invoice.created)],
    ...(at.paid_at === null ? [] : [["Date paid", longDate(at.paid_at)] as [string, string]]),
    ["Status", STATUS[status ?? ""] ?? ""],
  ]
}

function payForm({ invoice, savedCards, values, problems, message }: InvoiceView): Html {
  const saved = savedCards.map(
    (method) => html`<form method="post" action="/invoices/${invoice.id}/pay">
      <input type="hidden" name="saved" value="${method.id}" />
      <button class="secondary">Pay with ${methodName(method)}</button>
    </form>`,
  )
  return html`<section aria-label="Pay invoice">
    <h2>Pay this invoice</h2>
    <p class="message" role="alert">${message ?? ""}</p>
    ${saved}
    <form method="post" action="/invoices/${invoice.id}/pay" class="payment" novalidate>
      ${cardInputs(values, problems)}
      <button>Pay ${money(invoice.amount_remaining, invoice.currency)}</button>
    </form>
  </section>`
}

export function invoicePage(view: InvoiceView): Html {
  const { invoice } = view
  const credit = invoice.amount_due - Math.max(invoice.total, 0)
  const body = html`<article class="receipt">
    <h1>Invoice ${invoice.number}</h1>
    <p class="subtle">${invoice.customer_name ?? ""} ${invoice.customer_email ?? ""}</p>
    ${facts(invoiceFacts(invoice))}
    <h2>Summary</h2>
    <ul>
      ${invoice.lines.data.map(
        (line) => html`<li>
          <span>${line.description}
            <span class="expires">${longDate(line.period.start)} – ${longDate(line.period.end)}</span></span>
          <span>${money(line.amount, line.currency)}</span>
        </li>`,
      )}
      ${credit < 0 ? html`<li><span>Applied balance</span><span>${money(credit, invoice.currency)}</span></li>` : ""}
      <li class="total"><span>Total</span><span>${money(invoice.total, invoice.currency)}</span></li>
    </ul>
    ${invoice.invoice_pdf ? html`<p><a href="${new URL(invoice.invoice_pdf).pathname}">Download invoice</a></p>` : ""}
    ${invoice.status === "open" ? payForm(view) : ""}
  </article>`
  return page({ title: "Invoice · Stripe stand-in", width: "narrow", script: "card-form", body })
}
