import type { WireSubscription } from "../world/billing-tables"
import { emit } from "../world/events"
import type { World } from "../world/world"

const THREE_DAYS_S = 3 * 24 * 3600

function noticeAt({ trial_end: end, created }: WireSubscription): number | null {
  return end === null ? null : Math.max(end - THREE_DAYS_S, created)
}

/** Three days before a trial ends, or when a shorter one begins. */
export function scheduleTrialEnd(world: World, subscription: WireSubscription): void {
  const at = noticeAt(subscription)
  if (subscription.status === "trialing" && at !== null && at >= world.clock.now())
    world.agenda.add("trial_will_end", subscription.id, at)
}

export function announceTrialEnd(world: World, subscription: WireSubscription, atS: number): void {
  if (subscription.status === "trialing" && noticeAt(subscription) === atS)
    emit(world, "customer.subscription.trial_will_end", subscription)
}
