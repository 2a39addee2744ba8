import { CATALOG } from "@/lib/catalog/catalog"
import type { TeamTerms } from "./terms-at"
import { termsAt } from "./terms-at"

/** A billing period of a pool that is still to begin, and what it will include. */
export type ComingPeriod = { at: Date; includedNanos: bigint }

/**
 * Returns the periods that begin until a time, if the plan goes on as it is known now. A pool's present period may be
 * over, or not begun: then the next one begins with the next use. Ends where only Stripe can say what comes.
 */
export function comingPeriods(
  team: TeamTerms,
  poolEndsAt: Date | null,
  { now, until }: { now: Date; until: Date },
): ComingPeriod[] {
  const periods: ComingPeriod[] = []
  let at = poolEndsAt !== null && poolEndsAt > now ? poolEndsAt : now
  while (at < until) {
    const terms = termsAt(rolledTo(team, at), at)
    // A period that only just began for the team goes on for the pool.
    if (!terms || terms.end <= at) break
    periods.push({ at, includedNanos: terms.withheld ? 0n : CATALOG.plans[terms.plan].includedNanos })
    at = terms.end
  }
  return periods
}

/** The same team at a later time, when Stripe has confirmed every period until then. */
function rolledTo(team: TeamTerms, at: Date): TeamTerms {
  const { subscription } = team
  if (!subscription || subscription.periodEndsAt >= at || subscription.hasScheduledChange) return team
  return { ...team, subscription: { ...subscription, periodEndsAt: at } }
}
