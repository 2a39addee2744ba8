import { NANOS_PER_CENT } from "@/lib/money/usd"

/**
 * Returns what a pool can still pay with: its balance and what is left of the plan's credits, less what open holds
 * set aside.
 */
export function availableOf(pool: {
  creditsNanos: bigint
  includedNanos: bigint
  heldNanos: bigint
}): bigint {
  return pool.creditsNanos + pool.includedNanos - pool.heldNanos
}

/** `available <= threshold`: the one predicate behind the badge, the alert, the auto top-up and its dry run. */
export function isLow(availableNanos: bigint, thresholdNanos: bigint): boolean {
  return availableNanos <= thresholdNanos
}

/** Less than a cent can be neither seen nor bought, so it counts as nothing. The ledger's functions use the same rule. */
export function isUsedUp(leftNanos: bigint): boolean {
  return leftNanos < NANOS_PER_CENT
}
