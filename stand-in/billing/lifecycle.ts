import { itemOf } from "../objects/subscription"
import type { WireSubscription, WireSubscriptionItem } from "../world/billing-tables"
import { changedFields, emit } from "../world/events"
import type { World } from "../world/world"
import { scheduleTrialEnd } from "./trial-end"

/** How long the first invoice may wait to be paid. */
export const INCOMPLETE_FOR_S = 23 * 3600

/** Makes every change of a subscription, so that each is announced with the state before. */
export function changeSubscription(
  world: World,
  subscription: WireSubscription,
  changes: Partial<WireSubscription>,
): void {
  const before = structuredClone(subscription)
  world.store.change("subscription", subscription, changes)
  const previous = changedFields(before, subscription)
  if (previous) emit(world, "customer.subscription.updated", subscription, previous)
  if (before.status !== subscription.status) announceStatus(world, before.status, subscription)
}

/** Some changes of status have their own event beside the update. */
function announceStatus(world: World, before: string, subscription: WireSubscription): void {
  if (subscription.status === "paused") emit(world, "customer.subscription.paused", subscription)
  if (before === "paused") emit(world, "customer.subscription.resumed", subscription)
  if (subscription.status === "trialing") scheduleTrialEnd(world, subscription)
}

export function withItem(
  subscription: WireSubscription,
  changes: Partial<WireSubscriptionItem>,
): Pick<WireSubscription, "items"> {
  const item = { ...itemOf(subscription), ...changes }
  return { items: { ...subscription.items, data: [item] } }
}

export function openSubscription(world: World, subscription: WireSubscription): void {
  world.store.put("subscription", subscription)
  emit(world, "customer.subscription.created", subscription)
  world.agenda.add("subscription_period", subscription.id, itemOf(subscription).current_period_end)
  world.agenda.add("subscription_expiry", subscription.id, subscription.created + INCOMPLETE_FOR_S)
}
