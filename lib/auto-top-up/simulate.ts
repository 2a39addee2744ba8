import { MAX_PER_DAY } from "./decide"
import { startOfMonth } from "./month"

/** What was drawn from purchased credits on one day (UTC). */
export type DayOfUsage = { day: Date; spentNanos: bigint }

export type DryRun = {
  days: { day: Date; spentNanos: bigint; topUps: number }[]
  topUps: number
  chargedNanos: bigint
  /** The first day on which one more would have exceeded the monthly cap. */
  capReachedOn: Date | null
}

/**
 * What auto top-up would have charged for usage as it was, day by day. Purchases by hand are left out: with auto top-up on
 * they would hardly have been made. Days are as fine as it gets, so the limit per hour is not looked at.
 */
export function simulateTopUps(
  usage: DayOfUsage[],
  terms: { startNanos: bigint; thresholdNanos: bigint; amountNanos: bigint; capNanos: bigint | null },
): DryRun {
  const { thresholdNanos, amountNanos, capNanos } = terms
  let balance = terms.startNanos
  let month = 0
  let chargedThisMonth = 0n
  let capReachedOn: Date | null = null
  let hasBegun = false
  const days = usage.map(({ day, spentNanos }) => {
    if (startOfMonth(day).getTime() !== month) {
      month = startOfMonth(day).getTime()
      chargedThisMonth = 0n
    }
    // Before the first usage nobody would have turned it on.
    hasBegun ||= spentNanos > 0n
    if (!hasBegun) return { day, spentNanos, topUps: 0 }
    let left = spentNanos
    let topUps = 0
    for (;;) {
      // As far as it goes before the next top-up would fire.
      const untilLow = balance > thresholdNanos ? balance - thresholdNanos : 0n
      const spent = left < untilLow ? left : untilLow
      balance -= spent
      left -= spent
      if (balance > thresholdNanos || topUps >= MAX_PER_DAY) break
      if (capNanos !== null && chargedThisMonth + amountNanos > capNanos) {
        capReachedOn ??= day
        break
      }
      topUps += 1
      balance += amountNanos
      chargedThisMonth += amountNanos
      // The amount is never less than the threshold; equal to it the balance is low again at once.
      if (left === 0n && balance > thresholdNanos) break
    }
    // What nobody paid for was refused.
    balance -= left < balance ? left : balance > 0n ? balance : 0n
    return { day, spentNanos, topUps }
  })
  const topUps = days.reduce((sum, each) => sum + each.topUps, 0)
  return { days, topUps, chargedNanos: BigInt(topUps) * amountNanos, capReachedOn }
}
