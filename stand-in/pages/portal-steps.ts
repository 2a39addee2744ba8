import { html } from "hono/html"
import type { OpenPortal } from "../billing/portal-session"
import { itemOf } from "../objects/subscription"
import type { WirePrice, WireSubscription } from "../world/billing-tables"
import { cardInputs, type TypedCard } from "./card-form"
import { type Html, longDate, money } from "./layout"
import { perPeriod, portalPage } from "./portal"

export interface Step {
  portal: OpenPortal
  path: string
  subscription: WireSubscription
}

export interface Choice {
  price: WirePrice
  product: string
}

export function choosePlanPage({ portal, path, subscription }: Step, choices: Choice[]): Html {
  const at = `${path}/subscriptions/${subscription.id}/update`
  const current = itemOf(subscription).price.id
  const row = ({ price, product }: Choice): Html => html`<li>
    <span><strong>${product}</strong> <span class="expires">${perPeriod(price)}</span></span>
    <span>${
      price.id === current
        ? html`<span class="badge">Current plan</span>`
        : html`<a class="button secondary small" href="${at}/${price.id}" aria-label="Select ${product}, ${perPeriod(price)}">Select</a>`
    }</span>
  </li>`
  return portalPage(
    portal,
    "Update plan",
    html`<h1>Update your plan</h1><ul>${choices.map(row)}</ul>
      <p><a href="${path}?home">Go back</a></p>`,
  )
}

export interface Confirmation {
  choice: Choice
  /** Null: nothing now, the change waits for the period's end. */
  dueNow: number | null
  problem: string | null
}

export function confirmPlanPage(step: Step, { choice, dueNow, problem }: Confirmation): Html {
  const { portal, path, subscription } = step
  const at = `${path}/subscriptions/${subscription.id}/update`
  const end = longDate(itemOf(subscription).current_period_end)
  return portalPage(
    portal,
    "Confirm your update",
    html`<h1>Confirm your update</h1>
      <p class="plan">${choice.product}</p>
      <p class="price">${perPeriod(choice.price)}</p>
      <p class="subtle">${
        dueNow === null
          ? `Your plan changes on ${end}. Nothing is charged today.`
          : `Amount due today: ${money(dueNow, choice.price.currency)}`
      }</p>
      <p class="message" role="alert">${problem ?? ""}</p>
      <form method="post" action="${at}/${choice.price.id}"><button>Confirm</button></form>
      <p><a href="${at}">Go back</a></p>`,
  )
}

export function cancelPlanPage({ portal, path, subscription }: Step): Html {
  const { mode, cancellation_reason: reason } = portal.configuration.features.subscription_cancel
  const end = longDate(itemOf(subscription).current_period_end)
  const words =
    mode === "immediately"
      ? "Your plan ends at once."
      : `Your plan will be canceled, but is still available until ${end}.`
  return portalPage(
    portal,
    "Cancel plan",
    html`<h1>Cancel your plan</h1>
      <p>${words}</p>
      <form method="post" action="${path}/subscriptions/${subscription.id}/cancel" class="payment">
        ${
          reason.enabled
            ? html`<div class="field"><label for="feedback">Reason for canceling</label>
                <select id="feedback" name="feedback"><option value="">No answer</option>
                  ${reason.options.map((each) => html`<option value="${each}">${each.replaceAll("_", " ")}</option>`)}
                </select></div>`
            : ""
        }
        <button>Cancel plan</button>
      </form>
      <p><a href="${path}?home">Go back</a></p>`,
  )
}

export interface NewCard {
  values?: TypedCard
  problems?: Parameters<typeof cardInputs>[1]
  message?: string | null
}

export function newCardPage(portal: OpenPortal, path: string, card: NewCard): Html {
  return portalPage(
    portal,
    "Add payment method",
    html`<h1>Add payment method</h1>
      <form method="post" action="${path}/payment-methods/new" class="payment" novalidate>
        ${cardInputs(card.values, card.problems)}
        <label class="save"><input type="checkbox" name="default" value="1" checked /> Use as default payment method</label>
        <p class="message" role="alert">${card.message ?? ""}</p>
        <button>Add</button>
      </form>
      <p><a href="${path}?home">Go back</a></p>`,
  )
}
