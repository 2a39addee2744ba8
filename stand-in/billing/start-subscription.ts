import type Stripe from "stripe"
import { invalidRequest } from "../notation/errors"
import { requireRecurring } from "../objects/price"
import { itemOf, newSubscription } from "../objects/subscription"
import type { Period, WireInvoice, WirePrice, WireSubscription } from "../world/billing-tables"
import type { World } from "../world/world"
import { draftInvoice, finalizeInvoice, linkPayment, markPaid, parentFields } from "./invoices"
import { openSubscription } from "./lifecycle"
import { amountOf, periodLine } from "./lines"
import { recoverSubscription } from "./outcomes"
import { boundary, periodAt, prorate } from "./periods"

export interface Terms {
  customer: Stripe.Customer
  price: WirePrice
  quantity: number
  /** Null: the moment it starts. Later: a first, shorter period leads up to it. */
  anchor: number | null
  prorates: boolean
  trialEnd: number | null
  fields: Partial<WireSubscription>
}

interface FirstPeriod {
  anchor: number
  period: Period
  amount: number
}

/** Returns the first period and its price: whole, cut short by an anchor, or free for a trial. */
export function firstPeriod(world: World, terms: Omit<Terms, "customer" | "fields">): FirstPeriod {
  const now = world.clock.now()
  const whole = amountOf(terms.price, terms.quantity)
  if (terms.trialEnd !== null) {
    const anchor = terms.anchor ?? terms.trialEnd
    return { anchor, period: { start: now, end: terms.trialEnd }, amount: 0 }
  }
  const recurring = requireRecurring(terms.price)
  if (terms.anchor === null || terms.anchor === now) {
    return { anchor: now, period: periodAt(now, recurring, now), amount: whole }
  }
  if (terms.anchor < now) {
    throw invalidRequest("The billing cycle anchor must be in the future.", { param: "billing_cycle_anchor" })
  }
  if (terms.anchor > boundary(now, recurring, 1)) {
    throw invalidRequest(
      "billing_cycle_anchor cannot be later than next natural billing date for the plan.",
      { param: "billing_cycle_anchor" },
    )
  }
  const full = periodAt(terms.anchor, recurring, now)
  const amount = terms.prorates ? prorate(whole, full, now) : 0
  return { anchor: terms.anchor, period: { start: now, end: full.end }, amount }
}

/** Creates an incomplete subscription and its first invoice, open. The caller decides how it is paid. */
export function startSubscription(
  world: World,
  terms: Terms,
): { subscription: WireSubscription; invoice: WireInvoice } {
  const { anchor, period, amount } = firstPeriod(world, terms)
  const { customer, price, quantity, trialEnd } = terms
  const subscription = newSubscription(world, {
    customer: customer.id,
    price,
    quantity,
    anchor,
    period,
    fields: {
      ...terms.fields,
      ...(trialEnd === null ? {} : { trial_start: world.clock.now(), trial_end: trialEnd }),
    },
  })
  openSubscription(world, subscription)
  const trial = trialEnd === null ? {} : { description: "Free trial" }
  const line = periodLine(world, { item: itemOf(subscription), period, amount, ...trial })
  const invoice = draftInvoice(world, {
    customer,
    currency: price.currency,
    lines: [line],
    fields: { billing_reason: "subscription_create", ...parentFields(subscription) },
  })
  world.store.change("subscription", subscription, { latest_invoice: invoice.id })
  finalizeInvoice(world, invoice)
  return { subscription, invoice }
}

/** For a payment made before there was anything to pay: Checkout, and `error_if_incomplete`. */
export function startPaidSubscription(
  world: World,
  terms: Terms,
  intent: Stripe.PaymentIntent,
): { subscription: WireSubscription; invoice: WireInvoice } {
  const started = startSubscription(world, terms)
  linkPayment(world, started.invoice, intent)
  markPaid(world, started.invoice)
  recoverSubscription(world, started.invoice)
  return started
}
