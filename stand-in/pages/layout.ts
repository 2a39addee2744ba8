import { html } from "hono/html"
import type { HtmlEscapedString } from "hono/utils/html"

export type Html = HtmlEscapedString | Promise<HtmlEscapedString>

interface Page {
  title: string
  script?: string
  width?: "narrow" | "wide"
  /** Inside another page: light whatever the theme, like Stripe's embedded form. */
  embedded?: boolean
  /** Part of the shop's own page: transparent, and in the theme that the shop asks for. */
  frame?: "light" | "dark"
  body: Html
}

/** Every page says what it is, so that nobody takes it for the real thing. */
export function page({ title, script, width = "wide", embedded = false, frame, body }: Page): Html {
  const look = frame ? `part ${frame}` : embedded ? "light" : ""
  return html`<!doctype html>
<html lang="en" class="${look}">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta name="color-scheme" content="${frame ?? (embedded ? "light" : "light dark")}" />
    <title>${title}</title>
    <link rel="icon" href="data:," />
    <link rel="stylesheet" href="/assets/stand-in.css" />
    ${script ? html`<script type="module" src="/assets/${script}.js"></script>` : ""}
  </head>
  <body>
    <main class="${width}">
      <p class="notice">Stripe stand-in: no real money</p>
      ${body}
    </main>
  </body>
</html>`
}

export { longDate, money } from "../notation/format"

const BRANDS: Record<string, string> = {
  amex: "American Express",
  diners: "Diners Club",
  discover: "Discover",
  jcb: "JCB",
  mastercard: "Mastercard",
  unionpay: "UnionPay",
  visa: "Visa",
}

const TYPE_NAMES: Record<string, string> = {
  amazon_pay: "Amazon Pay",
  cashapp: "Cash App Pay",
  link: "Link",
  us_bank_account: "Bank account •••• 6789",
}

/** Names a card by its brand and last digits, anything else by its kind. */
export function methodName(method: { type: string; card?: Parameters<typeof cardName>[0] }): string {
  return method.card ? cardName(method.card) : (TYPE_NAMES[method.type] ?? method.type)
}

export function expiry({ card }: { card?: { exp_month: number; exp_year: number } | null }): Html {
  if (!card) return html``
  const year = String(card.exp_year).slice(-2)
  return html`<span class="expires">Expires ${String(card.exp_month).padStart(2, "0")} / ${year}</span>`
}

export function cardName(card: { brand: string | null; last4: string | null } | null | undefined): string {
  const brand = card?.brand ?? ""
  return `${BRANDS[brand] ?? brand} •••• ${card?.last4 ?? ""}`
}
