import { html } from "hono/html"
import { field } from "./checkout"
import { type Html, page } from "./layout"

export interface PaymentElementView {
  /** The card is kept for later, and the customer is told so. */
  saves: boolean
  isMissing: boolean
  isDark: boolean
  showsTerms: boolean
}

/** The fields of `<PaymentElement>`. The button is in the shop's page. */
export function paymentElementPage(view: PaymentElementView): Html {
  const body = html`<form id="card" class="payment" novalidate aria-label="Card" data-missing="${view.isMissing}">
    <h1 class="unseen">Card details</h1>
    ${field({ id: "number", label: "Card number", autocomplete: "cc-number", inputmode: "numeric", placeholder: "1234 1234 1234 1234" })}
    <div class="pair">
      ${field({ id: "expiry", label: "Expiration (MM / YY)", autocomplete: "cc-exp", inputmode: "numeric", placeholder: "MM / YY" })}
      ${field({ id: "cvc", label: "CVC", autocomplete: "cc-csc", inputmode: "numeric", placeholder: "CVC" })}
    </div>
    ${
      view.saves && view.showsTerms
        ? html`<p class="hint">By providing your card information, you allow the shop to charge your card for future payments in accordance with their terms.</p>`
        : ""
    }
  </form>`
  return page({
    title: "Payment · Stripe stand-in",
    script: "payment-element",
    frame: view.isDark ? "dark" : "light",
    body,
  })
}

/** Shows nothing. Stripe.js speaks through it where no element is mounted. */
export function controllerPage(): Html {
  return page({ title: "Controller · Stripe stand-in", script: "payment-element", body: html`` })
}
