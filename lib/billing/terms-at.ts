import { DAY_MS } from "@/lib/clock"
import type { Plan, SubscriptionStatus } from "@/lib/db/generated/enums"
import { type BillingPeriod, billingPeriodAt } from "./period"
import { isLive } from "./subscription-status"

/** How long a period that Stripe hasn't confirmed yet may begin after the last known one. */
export const UNCONFIRMED_MS = 3 * DAY_MS

/** What decides a team's plan and period: its own row and the copy of its subscription, if it ever had one. */
export type TeamTerms = { plan: Plan; periodAnchor: Date; subscription: SubscriptionTerms | null }

export type SubscriptionTerms = {
  plan: Plan
  status: SubscriptionStatus
  billingAnchor: Date
  periodStartsAt: Date
  periodEndsAt: Date
  cancelAt: Date | null
  hasScheduledChange: boolean
}

/**
 * The plan and period that a pool is in now, as far as they are known without asking Stripe. Usage goes on when Stripe or
 * its events are late: after the end of the known period the next one begins by itself, on the same plan. Null: only
 * Stripe can say, because a change was due at the end of the known period, or that end is too long ago.
 */
export function termsAt(
  { plan, periodAnchor, subscription }: TeamTerms,
  now: Date,
): (BillingPeriod & { plan: Plan }) | null {
  // Enterprise is by contract: no subscription changes it.
  if (!subscription || plan === "enterprise" || !isLive(subscription.status))
    return { plan, ...billingPeriodAt(periodAnchor, now) }

  const { billingAnchor, periodStartsAt, periodEndsAt, cancelAt, hasScheduledChange } = subscription
  if (cancelAt && cancelAt <= now) return { plan: "free", ...billingPeriodAt(billingAnchor, now) }
  if (now < periodEndsAt) return { plan: subscription.plan, start: periodStartsAt, end: periodEndsAt }
  if (hasScheduledChange || now.getTime() - periodEndsAt.getTime() >= UNCONFIRMED_MS) return null
  return {
    plan: subscription.plan,
    start: periodEndsAt,
    end: billingPeriodAt(billingAnchor, periodEndsAt).end,
  }
}
