import { html } from "hono/html"
import type Stripe from "stripe"
import { rhythm } from "../billing/lines"
import type { OpenPortal } from "../billing/portal-session"
import { itemOf } from "../objects/subscription"
import type { WireInvoice, WirePrice, WireSubscription } from "../world/billing-tables"
import { expiry, type Html, longDate, methodName, money, page } from "./layout"

export interface PlanView {
  subscription: WireSubscription
  product: string
  /** The schedule's next phase. */
  next: { product: string; price: WirePrice } | null
  card: Stripe.PaymentMethod | null
}

export interface PortalView {
  portal: OpenPortal
  path: string
  plans: PlanView[]
  cards: Stripe.PaymentMethod[]
  invoices: WireInvoice[]
}

export function businessOf({ configuration }: OpenPortal): string {
  return configuration.name ?? "the shop"
}

export function perPeriod(price: WirePrice): string {
  return `${money(price.unit_amount ?? 0, price.currency)} per ${rhythm(price)}`
}

/** Wraps every page of the portal with its customer and the way back. */
export function portalPage(portal: OpenPortal, title: string, body: Html): Html {
  const back = portal.session.return_url
  return page({
    title: `${title} · Stripe stand-in`,
    script: "card-form",
    width: "narrow",
    body: html`<div class="portal">
      ${back ? html`<p class="back"><a href="${back}">Return to ${businessOf(portal)}</a></p>` : ""}
      <p class="subtle">${portal.configuration.business_profile.headline ?? ""}</p>
      ${body}
    </div>`,
  })
}

export function action(path: string, label: string, name = label): Html {
  return html`<form method="post" action="${path}"><button class="secondary small" aria-label="${name}">${label}</button></form>`
}

function periodWords({ subscription, next }: PlanView): string {
  const end = longDate(itemOf(subscription).current_period_end)
  if (subscription.cancel_at_period_end) return `Your plan will be canceled on ${end}.`
  if (next) return `Your plan changes to ${next.product} (${perPeriod(next.price)}) on ${end}.`
  if (subscription.status === "past_due") return "Your last payment failed. Update your payment method."
  return subscription.status === "trialing" ? `Your trial ends on ${end}.` : `Your plan renews on ${end}.`
}

function planActions({ portal, path }: PortalView, { subscription, next }: PlanView): Html {
  const { subscription_update: update, subscription_cancel: cancel } = portal.configuration.features
  const at = `${path}/subscriptions/${subscription.id}`
  if (subscription.cancel_at_period_end)
    return html`<div class="actions">${cancel.enabled ? action(`${at}/keep`, "Don't cancel plan") : ""}</div>`
  return html`<div class="actions">
    ${next ? action(`${at}/release`, "Don't change plan") : ""}
    ${update.enabled ? html`<a class="button" href="${at}/update">Update plan</a>` : ""}
    ${cancel.enabled ? html`<a class="button secondary" href="${at}/cancel">Cancel plan</a>` : ""}
  </div>`
}

function planSection(view: PortalView, plan: PlanView): Html {
  return html`<section aria-label="Current plan">
    <h2>Current plan</h2>
    <p class="plan">${plan.product}</p>
    <p class="price">${perPeriod(itemOf(plan.subscription).price)}</p>
    <p class="subtle">${periodWords(plan)}</p>
    ${plan.card ? html`<p class="subtle">${methodName(plan.card)}</p>` : ""}
    ${planActions(view, plan)}
  </section>`
}

function cardsSection({ portal, path, cards }: PortalView): Html {
  const chosen = portal.customer.invoice_settings.default_payment_method
  const row = (method: Stripe.PaymentMethod): Html => {
    const name = methodName(method)
    const isDefault = method.id === chosen
    const at = `${path}/payment-methods/${method.id}`
    return html`<li>
      <span>${name} ${isDefault ? html`<strong class="badge">Default</strong>` : ""}
        ${expiry(method)}</span>
      <span class="actions">${isDefault ? "" : action(`${at}/default`, "Make default", `Make ${name} default`)}
        ${isDefault ? "" : action(`${at}/delete`, "Delete", `Delete ${name}`)}</span>
    </li>`
  }
  return html`<section aria-label="Payment methods">
    <h2>Payment methods</h2>
    ${cards.length > 0 ? html`<ul>${cards.map(row)}</ul>` : html`<p class="subtle">No payment method yet.</p>`}
    <p><a href="${path}/payment-methods/new">Add payment method</a></p>
  </section>`
}

const STATUS: Record<string, string> = { paid: "Paid", open: "Open", void: "Void", uncollectible: "Failed" }

function invoicesSection({ invoices }: PortalView): Html {
  const row = (invoice: WireInvoice): Html => html`<li>
    <span><a href="${invoice.hosted_invoice_url ?? ""}">${longDate(invoice.created)}</a>
      <span class="expires">${invoice.lines.data[0]?.description ?? ""}</span></span>
    <span>${money(invoice.total, invoice.currency)} · ${STATUS[invoice.status ?? ""] ?? ""}</span>
  </li>`
  return html`<section aria-label="Invoice history">
    <h2>Invoice history</h2>
    ${invoices.length > 0 ? html`<ul>${invoices.map(row)}</ul>` : html`<p class="subtle">No invoices yet.</p>`}
  </section>`
}

export function portalHome(view: PortalView): Html {
  const { features } = view.portal.configuration
  const { customer } = view.portal
  return portalPage(
    view.portal,
    "Billing",
    html`<h1>Billing</h1>
      <p class="subtle">${customer.name ?? ""} ${customer.email ?? ""}</p>
      ${view.plans.map((plan) => planSection(view, plan))}
      ${features.payment_method_update.enabled ? cardsSection(view) : ""}
      ${features.invoice_history.enabled ? invoicesSection(view) : ""}`,
  )
}
