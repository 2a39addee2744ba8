import { planOf, requireRecurring } from "../objects/price"
import { hasEnded, itemOf } from "../objects/subscription"
import type { Period, WireInvoice, WireSubscription } from "../world/billing-tables"
import type { World } from "../world/world"
import { collectFromDefault } from "./collect"
import { endSubscription } from "./end-subscription"
import { draftInvoice, finalizeInvoice, parentFields } from "./invoices"
import { changeSubscription, withItem } from "./lifecycle"
import { periodLine, takePendingLines } from "./lines"
import { endOfTrial, putAside } from "./pause"
import { periodAt } from "./periods"
import { advanceSchedule, releaseSchedule, scheduledPrice } from "./schedules"

const RENEWS = ["active", "past_due", "trialing", "unpaid"]

/** The clock has reached a period's end, if that is still the end. */
export function periodEnded(world: World, subscription: WireSubscription, atS: number): void {
  if (itemOf(subscription).current_period_end === atS) endPeriod(world, subscription, atS)
}

/** Ends the running period now, early if need be. The rhythm then starts anew here. */
export function endPeriodNow(world: World, subscription: WireSubscription): void {
  const item = itemOf(subscription)
  // A period lasts at least a second. Otherwise two renewals in a row would give the same one twice.
  const atS = Math.max(world.clock.now(), item.current_period_start + 1)
  const trial_end = subscription.trial_end === null ? null : Math.min(subscription.trial_end, atS)
  world.store.change("subscription", subscription, {
    billing_cycle_anchor: atS,
    trial_end,
    ...(subscription.cancel_at === null ? {} : { cancel_at: atS }),
    ...withItem(subscription, { current_period_end: atS }),
  })
  endPeriod(world, subscription, atS)
}

function endPeriod(world: World, subscription: WireSubscription, atS: number): void {
  if (!RENEWS.includes(subscription.status)) return
  if (subscription.cancel_at !== null && subscription.cancel_at <= atS) {
    endSubscription(world, subscription, "cancellation_requested")
    return
  }
  const missing = endOfTrial(world, subscription)
  if (missing === "pause") {
    changeSubscription(world, subscription, { status: "paused" })
    return
  }
  if (missing === "cancel") {
    endSubscription(world, subscription, "payment_failed")
    return
  }
  const item = itemOf(subscription)
  const used = { start: item.current_period_start, end: item.current_period_end }
  const next = scheduledPrice(world, subscription)
  const price = next ?? item.price
  const period = periodAt(subscription.billing_cycle_anchor, requireRecurring(price), atS)
  const renewed = {
    ...item,
    price,
    plan: planOf(price),
    current_period_start: period.start,
    current_period_end: period.end,
  }
  if (next) advanceSchedule(world, subscription)
  const invoice = cycleInvoice(world, subscription, renewed, used)
  changeSubscription(world, subscription, {
    ...withItem(subscription, renewed),
    latest_invoice: invoice.id,
    status: subscription.status === "trialing" ? "active" : subscription.status,
  })
  if (next) releaseSchedule(world, subscription)
  world.agenda.add("subscription_period", subscription.id, period.end)
  if (subscription.pause_collection) {
    putAside(world, invoice, subscription.pause_collection)
    return
  }
  // Stripe leaves the invoices of an unpaid subscription as drafts.
  if (subscription.status === "unpaid") return
  finalizeInvoice(world, invoice)
  collectFromDefault(world, invoice, subscription)
}

function cycleInvoice(
  world: World,
  subscription: WireSubscription,
  item: ReturnType<typeof itemOf>,
  used: Period,
): WireInvoice {
  const period = { start: item.current_period_start, end: item.current_period_end }
  return draftInvoice(world, {
    customer: world.store.get("customer", subscription.customer) ?? null,
    currency: subscription.currency,
    lines: [...takePendingLines(world, subscription), periodLine(world, { item, period })],
    fields: {
      billing_reason: "subscription_cycle",
      period_start: used.start,
      period_end: used.end,
      ...parentFields(subscription),
    },
  })
}

export function retryInvoice(world: World, invoice: WireInvoice, atS: number): void {
  const id = invoice.parent?.subscription_details?.subscription
  const subscription = world.store.get("subscription", String(id))
  if (invoice.status !== "open" || invoice.next_payment_attempt !== atS) return
  if (subscription && !hasEnded(subscription)) collectFromDefault(world, invoice, subscription)
}
