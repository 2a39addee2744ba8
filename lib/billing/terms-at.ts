import { DAY_MS } from "@/lib/clock"
import type { Plan, SubscriptionStatus, Withheld } from "@/lib/db/generated/enums"
import { type BillingPeriod, billingPeriodAt } from "./period"
import { isLive } from "./subscription-status"

/** How long a period that Stripe hasn't confirmed may begin after the last known one. */
export const UNCONFIRMED_MS = 3 * DAY_MS

/** The facts that decide a team's plan and period: its own row, and the copy of its subscription if it ever had one. */
export type TeamTerms = { plan: Plan; periodAnchor: Date; subscription: SubscriptionTerms | null }

export type SubscriptionTerms = {
  plan: Plan
  status: SubscriptionStatus
  billingAnchor: Date
  periodStartsAt: Date
  periodEndsAt: Date
  cancelAt: Date | null
  hasScheduledChange: boolean
  periodWithheld: Withheld | null
  isCollectionPaused: boolean
}

export type Terms = BillingPeriod & { plan: Plan; withheld: Withheld | null }

/**
 * Returns the pool's present plan and period, as far as they are known without asking Stripe. Usage goes on when
 * Stripe or its events are late: after the known period the next one begins by itself on the same plan. It gives
 * nothing if the last one wasn't paid or nobody is asked to pay. Null when only Stripe can say, because a change was
 * due at the end of the known period, or that end is too long ago.
 */
export function termsAt({ plan, periodAnchor, subscription }: TeamTerms, now: Date): Terms | null {
  // Enterprise is by contract: no subscription changes it.
  if (!subscription || plan === "enterprise" || !isLive(subscription.status))
    return { plan, ...billingPeriodAt(periodAnchor, now), withheld: null }

  const { billingAnchor, periodStartsAt, periodEndsAt, cancelAt, hasScheduledChange } = subscription
  if (cancelAt && cancelAt <= now)
    return { plan: "free", ...billingPeriodAt(billingAnchor, now), withheld: null }
  const { periodWithheld, isCollectionPaused } = subscription
  if (now < periodEndsAt)
    return { plan: subscription.plan, start: periodStartsAt, end: periodEndsAt, withheld: periodWithheld }
  if (hasScheduledChange || now.getTime() - periodEndsAt.getTime() >= UNCONFIRMED_MS) return null
  return {
    plan: subscription.plan,
    start: periodEndsAt,
    end: billingPeriodAt(billingAnchor, periodEndsAt).end,
    withheld:
      subscription.status === "past_due" || isCollectionPaused || periodWithheld === "unpaid"
        ? "unpaid"
        : null,
  }
}
