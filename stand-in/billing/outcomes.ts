import { hasEnded } from "../objects/subscription"
import type { WireInvoice, WireSubscription } from "../world/billing-tables"
import { emit } from "../world/events"
import { subscriptionIdOf } from "../world/subject"
import type { World } from "../world/world"
import { endSubscription } from "./end-subscription"
import { changeSubscription } from "./lifecycle"

const DAY_S = 24 * 3600
/** Days from one automatic try to the next. After the last of them the subscription is canceled. */
const RETRY_AFTER_DAYS = [3, 5, 7]

export function subscriptionOf(world: World, invoice: WireInvoice): WireSubscription | null {
  return world.store.get("subscription", subscriptionIdOf(invoice) ?? "") ?? null
}

/** A paid invoice makes its subscription active, unless another one is still unpaid. */
export function recoverSubscription(world: World, invoice: WireInvoice): void {
  const subscription = subscriptionOf(world, invoice)
  if (!subscription || !["incomplete", "past_due", "unpaid"].includes(subscription.status)) return
  const owed = world.store
    .where("invoice", "subscription", subscription.id)
    .some((each) => each.status === "open")
  if (owed) return
  const onTrial = subscription.trial_end !== null && subscription.trial_end > world.clock.now()
  changeSubscription(world, subscription, { status: onTrial ? "trialing" : "active" })
}

/**
 * Records a refused try: the first invoice leaves its subscription incomplete, any other makes it past due and is
 * tried again.
 */
export function recordFailure(world: World, invoice: WireInvoice): void {
  const subscription = subscriptionOf(world, invoice)
  const renews = invoice.billing_reason !== "subscription_create" && subscription && !hasEnded(subscription)
  const next = renews ? nextTry(world, invoice) : null
  world.store.change("invoice", invoice, { next_payment_attempt: next, auto_advance: next !== null })
  emit(world, "invoice.payment_failed", invoice)
  if (next !== null) world.agenda.add("invoice_retry", invoice.id, next)
  if (!renews) return
  if (next === null) giveUp(world, subscription)
  else markPastDue(world, subscription)
}

/** Does what the account has chosen for a subscription whose last try has failed. */
function giveUp(world: World, subscription: WireSubscription): void {
  const { after_last_try: choice = "cancel" } = world.dashboard.of(subscription)
  if (choice === "cancel") endSubscription(world, subscription, "payment_failed")
  else if (choice === "mark_unpaid") changeSubscription(world, subscription, { status: "unpaid" })
  else markPastDue(world, subscription)
}

/** A try by hand moves nothing: the planned one stays. */
function nextTry(world: World, invoice: WireInvoice): number | null {
  if (invoice.next_payment_attempt !== null) return invoice.next_payment_attempt
  const waitDays = RETRY_AFTER_DAYS[Math.max(invoice.attempt_count, 1) - 1]
  return waitDays === undefined ? null : world.clock.now() + waitDays * DAY_S
}

export function markPastDue(world: World, subscription: WireSubscription): void {
  if (subscription.status !== "active" && subscription.status !== "trialing") return
  changeSubscription(world, subscription, { status: "past_due" })
}
