import { html } from "hono/html"
import type Stripe from "stripe"
import { rhythm } from "../billing/lines"
import type { WireLineItem } from "../world/tables"
import { expiry, type Html, methodName, money, page } from "./layout"

export interface CheckoutView {
  session: Stripe.Checkout.Session
  lineItems: WireLineItem[]
  savedCards: Stripe.PaymentMethod[]
  /** The product's own description. */
  blurb: string | null
  /** The account's own email can't be changed while paying. */
  email: { value: string; fixed: boolean }
}

interface Field {
  id: string
  label: string
  type?: string
  autocomplete: string
  inputmode?: string
  placeholder?: string
  value?: string
  readonly?: boolean
  problem?: string | null
}

export function field(of: Field): Html {
  return html`<div class="field" data-field="${of.id}">
    <label for="${of.id}">${of.label}</label>
    <input id="${of.id}" name="${of.id}" type="${of.type ?? "text"}" autocomplete="${of.autocomplete}"
      inputmode="${of.inputmode ?? "text"}" placeholder="${of.placeholder ?? ""}" value="${of.value ?? ""}"
      aria-describedby="${of.id}-problem" spellcheck="false" autocapitalize="off" ${of.readonly ? "readonly" : ""}
      ${of.problem ? html`aria-invalid="true"` : ""} />
    ${of.id === "number" ? html`<span id="brand" class="brand" aria-hidden="true"></span>` : ""}
    <p class="problem" id="${of.id}-problem" role="alert">${of.problem ?? ""}</p>
  </div>`
}

function item(line: WireLineItem): Html {
  const quantity = line.quantity ?? 1
  return html`<li>
    <span>${line.description}${quantity > 1 ? ` × ${quantity}` : ""}</span>
    <span>${money(line.amount_total, line.currency)}</span>
  </li>`
}

function titleOf({ session, lineItems }: CheckoutView): string {
  if (session.mode === "setup") return "Save your card"
  const name = lineItems.length === 1 ? (lineItems[0]?.description ?? "Payment") : "Your order"
  return session.mode === "subscription" ? `Subscribe to ${name}` : name
}

/** The price of a plan. What is due today is said only where it differs. Saving a card costs nothing. */
function amountOf({ session, lineItems }: CheckoutView): Html {
  if (session.mode === "setup") return html`<p class="subtle">You pay nothing today.</p>`
  const due = money(session.amount_total ?? 0, session.currency ?? "usd")
  const [first] = lineItems
  if (session.mode !== "subscription" || !first) return html`<p class="amount">${due}</p>`
  const each = money(first.amount_total, first.currency)
  return html`<p class="amount">${each} <small>per ${rhythm(first.price)}</small></p>
    ${each === due ? "" : html`<p class="subtle">${due} due today</p>`}`
}

function summary(view: CheckoutView): Html {
  const { session, lineItems, blurb } = view
  const total = money(session.amount_total ?? 0, session.currency ?? "usd")
  return html`<section class="summary" aria-label="Order summary">
    <h1>${titleOf(view)}</h1>
    ${amountOf(view)}
    ${blurb ? html`<p class="subtle">${blurb}</p>` : ""}
    ${
      lineItems.length > 1
        ? html`<ul>${lineItems.map(item)}<li class="total"><span>Total due</span><span>${total}</span></li></ul>`
        : ""
    }
    ${session.cancel_url ? html`<p class="back"><a href="${session.cancel_url}">Back</a></p>` : ""}
  </section>`
}

function methods(cards: Stripe.PaymentMethod[]): Html {
  if (cards.length === 0) return html``
  return html`<fieldset class="methods">
    <legend>Payment method</legend>
    ${cards.map(
      (method, index) => html`<label class="method">
        <input type="radio" name="method" value="${method.id}" ${index === 0 ? "checked" : ""} />
        <span>${methodName(method)}</span>
        ${expiry(method)}
      </label>`,
    )}
    <label class="method">
      <input type="radio" name="method" value="new" />
      <span>Use a new card</span>
    </label>
  </fieldset>`
}

function newCard(view: CheckoutView): Html {
  const saving = view.session.saved_payment_method_options?.payment_method_save === "enabled"
  return html`<div id="new-card" ${view.savedCards.length > 0 ? "hidden" : ""}>
    ${field({ id: "number", label: "Card number", autocomplete: "cc-number", inputmode: "numeric", placeholder: "1234 1234 1234 1234" })}
    <div class="pair">
      ${field({ id: "expiry", label: "Expiration (MM / YY)", autocomplete: "cc-exp", inputmode: "numeric", placeholder: "MM / YY" })}
      ${field({ id: "cvc", label: "CVC", autocomplete: "cc-csc", inputmode: "numeric", placeholder: "CVC" })}
    </div>
    ${field({ id: "name", label: "Cardholder name", autocomplete: "cc-name", placeholder: "Full name on card" })}
    ${saving ? html`<label class="save"><input type="checkbox" id="save" /> Save my card for faster checkout</label>` : ""}
    <p class="hint">Only Stripe's test cards work, such as <code>4242 4242 4242 4242</code> with any future date and any CVC.</p>
  </div>`
}

interface Words {
  button: string
  /** The customer's consent in pressing it. */
  consent: string | null
  done: [title: string, text: string]
}

function wordsOf({ mode, amount_total: total, currency }: Stripe.Checkout.Session): Words {
  if (mode === "setup") {
    return {
      button: "Save",
      consent: "By saving this card you allow it to be charged for future payments.",
      done: ["Card saved", "Thank you. Your card has been saved for future payments."],
    }
  }
  const due = money(total ?? 0, currency ?? "usd")
  const done: Words["done"] = ["Payment complete", `Thank you. Your payment of ${due} has been submitted.`]
  if (mode !== "subscription") return { button: `Pay ${due}`, consent: null, done }
  const consent = "By subscribing you allow this card to be charged again each period until you cancel."
  return { button: "Subscribe", consent, done }
}

function openCheckout(view: CheckoutView): Html {
  const { button, consent, done } = wordsOf(view.session)
  return html`<div id="checkout" class="checkout">
      ${summary(view)}
      <form id="form" class="payment" novalidate aria-label="Payment">
        ${field({
          id: "email",
          label: "Email",
          type: "email",
          autocomplete: "email",
          inputmode: "email",
          placeholder: "email@example.com",
          value: view.email.value,
          readonly: view.email.fixed,
        })}
        ${methods(view.savedCards)} ${newCard(view)}
        <p id="message" class="message" role="alert"></p>
        <button id="pay" type="submit" disabled data-label="${button}"><span id="pay-label">${button}</span></button>
        ${consent ? html`<p class="hint">${consent}</p>` : ""}
      </form>
    </div>
    <div id="done" class="closed" role="status" hidden>
      <h1>${done[0]}</h1>
      <p>${done[1]}</p>
    </div>
    <dialog id="authentication" aria-label="Authentication"></dialog>`
}

const CLOSED: Record<string, [string, string]> = {
  complete: ["You're all done here", "This checkout is complete. You can close this page."],
  expired: ["This checkout has expired", "Nothing was charged. Go back and start again."],
}

export function checkoutPage(view: CheckoutView): Html {
  const closed = CLOSED[view.session.status ?? ""]
  const body = closed
    ? html`<div class="closed"><h1>${closed[0]}</h1><p>${closed[1]}</p></div>`
    : openCheckout(view)
  const embedded = view.session.ui_mode === "embedded_page"
  return page({ title: "Checkout · Stripe stand-in", script: "checkout", embedded, body })
}
