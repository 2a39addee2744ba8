import type { Query } from "@/lib/db/query"
import { type LimitState, readLimits } from "@/lib/ledger/limits"
import type { TeamContext } from "./team-context"
import { type LimitedTerms, type Limits, limitsOf } from "./team-limits"

/**
 * Returns the limits that count usage of these terms, as they are now or, locked, as they stay until the transaction
 * ends, and the reserve that it leaves.
 */
export async function readLimitsOf(
  query: Query,
  team: TeamContext,
  terms: LimitedTerms,
  now: Date,
  { lock }: { lock: boolean },
): Promise<Limits & { limits: LimitState[] }> {
  const own = limitsOf(team, terms)
  return { ...own, limits: await readLimits(query, team.teamId, [...own.limitIds], { lock, now }) }
}
