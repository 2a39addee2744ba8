import { html } from "hono/html"
import type Stripe from "stripe"
import { type Html, money, page } from "./layout"

export function threeDSecurePage(intent: Stripe.PaymentIntent, embedded: boolean): Html {
  const waiting = intent.status === "requires_action"
  const body = waiting
    ? html`<div class="bank">
        <h1>3D Secure test page</h1>
        <p>Your bank asks you to confirm a payment of <strong>${money(intent.amount, intent.currency)}</strong>.</p>
        <button type="button" data-outcome="complete">Complete authentication</button>
        <button type="button" class="secondary" data-outcome="fail">Fail authentication</button>
      </div>`
    : html`<div class="bank"><h1>3D Secure test page</h1><p>This payment is no longer waiting for authentication.</p></div>`
  return page({
    title: "Authentication · Stripe stand-in",
    script: "three-d-secure",
    width: "narrow",
    embedded,
    body,
  })
}
