import type { SubscriptionStatus } from "@/lib/db/generated/enums"

const LIVE = new Set<SubscriptionStatus>(["active", "trialing", "past_due"])
const ENDED = new Set<SubscriptionStatus>(["canceled", "incomplete", "incomplete_expired"])

/** Whether the team has what the subscription's plan gives. It still does while a payment is late. */
export function isLive(status: SubscriptionStatus): boolean {
  return LIVE.has(status)
}

/** Whether the subscription may still cost something or come back, so that a second one would be one too many. */
export function isOpen(status: SubscriptionStatus): boolean {
  return !ENDED.has(status)
}
