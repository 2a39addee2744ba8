import { type ComingTopUp, findComingTopUp } from "@/lib/auto-top-up/find-coming"
import type { Query } from "@/lib/db/query"
import { makeDue } from "@/lib/top-up-settings/make-due"
import type { InsufficientCreditsError } from "./errors"
import type { Refusal } from "./find-refusal"
import type { TeamContext } from "./team-context"

/**
 * Makes a pool due after it couldn't pay for requests, if one top-up would let one of them pass, and tells each
 * request that will pass by itself when to come again. A pool that is already due is left alone, and a request that
 * no top-up could pay for charges nothing. Returns whether the pool is due.
 */
export async function noteRefusals(
  query: Query,
  { teamId, topUps }: TeamContext,
  poolId: string,
  errors: InsufficientCreditsError[],
  now: Date,
): Promise<boolean> {
  let isDue = errors.some(({ refusal }) => refusal.isDue)
  const topUp = topUps.get(poolId)
  if (!topUp) return isDue
  const ref = { teamId, poolId }
  // No credits lift a limit.
  const short = errors.filter(({ refusal }) => refusal.limit === null)
  const payable = short.find(({ refusal }) => paysFor(topUp.amountNanos, refusal))
  if (!isDue && payable) {
    await makeDue(query, ref, { cause: "refusal", needsNanos: neededBy(payable.refusal) }, now)
    isDue = true
  }
  const coming = isDue ? await findComingTopUp(query, ref, now) : null
  if (coming) for (const error of short) error.retryAfterMs = whenToRetry(coming, error.refusal)
  return isDue
}

/** The same for one request. */
export async function noteRefusal(
  query: Query,
  team: TeamContext,
  error: InsufficientCreditsError,
  now: Date,
): Promise<void> {
  await noteRefusals(query, team, error.poolId, [error], now)
}

function whenToRetry({ amountNanos, retryAfterMs }: ComingTopUp, refusal: Refusal): number | null {
  return paysFor(amountNanos, refusal) ? retryAfterMs : null
}

function paysFor(amountNanos: bigint, refusal: Refusal): boolean {
  return refusal.availableNanos + amountNanos >= neededBy(refusal)
}

// In debt, even usage that costs nothing is refused.
function neededBy({ requiredNanos }: Refusal): bigint {
  return requiredNanos > 0n ? requiredNanos : 1n
}
