import type { Query } from "@/lib/db/query"
import type { PoolState } from "@/lib/ledger/pool-state"
import { InsufficientCreditsError } from "./errors"
import { findRefusal } from "./find-refusal"
import { LimitBook } from "./limit-book"
import { readLimitsOf } from "./read-limits-of"
import type { TeamContext } from "./team-context"
import type { LimitedTerms } from "./team-limits"

/**
 * Throws InsufficientCreditsError unless a run that sets nothing aside could pay for anything at all: with an allowance,
 * or with a nano that neither a limit nor the reserve keeps from it.
 */
export async function requireAnything(
  query: Query,
  team: TeamContext,
  state: PoolState,
  terms: LimitedTerms,
  now: Date,
): Promise<void> {
  const hasAllowance = [...state.allowances.values()].some((left) => left > 0n)
  const { limits, ...own } = await readLimitsOf(query, team, terms, now, { lock: false })
  const asked = { meter: { hasAllowance: false }, costNanos: hasAllowance ? 0n : 1n, ...own }
  const refusal = findRefusal(state, asked, new LimitBook(limits))
  if (refusal) throw new InsufficientCreditsError({ ...refusal, requiredNanos: 0n }, state.poolId)
}
