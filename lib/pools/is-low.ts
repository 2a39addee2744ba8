import { NANOS_PER_CENT } from "@/lib/money/usd"

/** `balance <= threshold`: the one predicate behind the badge, the alert and the auto top-up. */
export function isLow(balanceNanos: bigint, thresholdNanos: bigint): boolean {
  return balanceNanos <= thresholdNanos
}

/** Less than a cent can be neither seen nor bought, so it counts as nothing. The ledger's functions say the same. */
export function isUsedUp(leftNanos: bigint): boolean {
  return leftNanos < NANOS_PER_CENT
}
