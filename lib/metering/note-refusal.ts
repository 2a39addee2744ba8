import { makeDue } from "@/lib/auto-top-up/make-due"
import type { Query } from "@/lib/db/query"
import type { Refusal } from "./plan-spends"
import type { TeamContext } from "./team-context"

/**
 * Makes a pool due after it couldn't pay for a request, if one top-up would let that pass, and answers whether it asked for
 * that. A pool that is due already is left alone, and a request that no top-up could pay for charges nothing.
 */
export async function noteRefusal(
  query: Query,
  { teamId, topUps }: TeamContext,
  { refusal, poolId }: { refusal: Refusal; poolId: string },
  now: Date,
): Promise<boolean> {
  const topUp = topUps.get(poolId)
  // In debt even what costs nothing is refused.
  const needsNanos = refusal.requiredNanos > 0n ? refusal.requiredNanos : 1n
  if (!topUp || refusal.isDue || refusal.availableNanos + topUp.amountNanos < needsNanos) return false
  await makeDue(query, { teamId, poolId }, { cause: "refusal", needsNanos }, now)
  return true
}
