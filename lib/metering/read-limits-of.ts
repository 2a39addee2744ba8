import type { Query } from "@/lib/db/query"
import { type LimitState, readLimits } from "@/lib/ledger/limits"
import type { TeamContext } from "./team-context"
import { type LimitedTerms, limitsOf } from "./team-limits"

/** Returns the limits that count usage of these terms, as they are now, and the reserve that it leaves. */
export async function readLimitsOf(
  query: Query,
  team: TeamContext,
  terms: LimitedTerms,
  now: Date,
): Promise<{ limits: LimitState[]; limitIds: readonly string[]; reserveNanos: bigint }> {
  const own = limitsOf(team, terms)
  return { ...own, limits: await readLimits(query, team.teamId, [...own.limitIds], { lock: false, now }) }
}
