import { html } from "hono/html"
import type { AnyIntent } from "../payments/client-secret"
import { type Html, money, page } from "./layout"

function question(intent: AnyIntent): Html {
  return intent.object === "payment_intent"
    ? html`Your bank asks you to confirm a payment of <strong>${money(intent.amount, intent.currency)}</strong>.`
    : html`Your bank asks you to confirm that this card may be saved for future payments.`
}

export function threeDSecurePage(intent: AnyIntent, embedded: boolean): Html {
  const waiting = intent.status === "requires_action"
  const body = waiting
    ? html`<div class="bank">
        <h1>3D Secure test page</h1>
        <p>${question(intent)}</p>
        <button type="button" data-outcome="complete" disabled>Complete authentication</button>
        <button type="button" class="secondary" data-outcome="fail" disabled>Fail authentication</button>
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
