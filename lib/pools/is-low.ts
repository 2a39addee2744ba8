/** `balance <= threshold`: the one predicate behind the badge, the alert and the auto top-up. */
export function isLow(balanceNanos: bigint, thresholdNanos: bigint): boolean {
  return balanceNanos <= thresholdNanos
}
