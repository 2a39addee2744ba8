import { html } from "hono/html"
import type Stripe from "stripe"
import type { WireLineItem } from "../world/tables"
import { type Html, longDate, methodName, money, page } from "./layout"

function receiptNumber(charge: Stripe.Charge): string {
  if (charge.receipt_number) return charge.receipt_number
  const digits = [...charge.id].map((letter) => letter.charCodeAt(0) % 10).join("")
  return `${digits.slice(-8, -4)}-${digits.slice(-4)}`
}

export function facts(entries: Array<[string, string]>): Html {
  return html`<dl class="facts">
    ${entries.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}
  </dl>`
}

function paidWith({ payment_method_details: details }: Stripe.Charge): Parameters<typeof methodName>[0] {
  return { type: details?.type ?? "card", card: details?.card }
}

export function receiptPage(charge: Stripe.Charge, items: WireLineItem[]): Html {
  const paid = money(charge.amount, charge.currency)
  const refunded: Array<[string, string]> =
    charge.amount_refunded > 0 ? [["Refunded", `−${money(charge.amount_refunded, charge.currency)}`]] : []
  const body = html`<article class="receipt">
    <h1>Receipt</h1>
    <p class="subtle">Receipt #${receiptNumber(charge)}</p>
    ${facts([
      ["Amount paid", paid],
      ["Date paid", longDate(charge.created)],
      ["Payment method", methodName(paidWith(charge))],
      ...refunded,
    ])}
    <h2>Summary</h2>
    <ul>
      ${
        items.length > 0
          ? items.map(
              (line) =>
                html`<li><span>${line.description}</span><span>${money(line.amount_total, line.currency)}</span></li>`,
            )
          : html`<li><span>${charge.description ?? "Payment"}</span><span>${paid}</span></li>`
      }
      <li class="total"><span>Amount charged</span><span>${paid}</span></li>
    </ul>
    <p class="subtle">${charge.receipt_email ?? charge.billing_details.email ?? ""}</p>
  </article>`
  return page({ title: "Receipt · Stripe stand-in", width: "narrow", body })
}
