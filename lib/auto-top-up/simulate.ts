import { least } from "@/lib/money/least"
import { startOfMonth } from "@/lib/top-up-settings/month"
import { MAX_PER_DAY } from "./decide"

/** A pool's usage on one day (UTC), and what its plan still gave at the end of it. */
export type DayOfUsage = {
  day: Date
  /** From included and purchased credits together. */
  spentNanos: bigint
  /** The part drawn from purchased credits. */
  creditsNanos: bigint
  includedLeftNanos: bigint
}

export type UsageForDryRun = {
  days: DayOfUsage[]
  /** The balance before the first day. */
  startNanos: bigint
  /** The amount that open holds set aside now. Nobody recorded it for earlier days. */
  heldNanos: bigint
}

export type DryRun = {
  days: { day: Date; spentNanos: bigint; topUps: number }[]
  topUps: number
  chargedNanos: bigint
  /** The first day on which one more top-up would have exceeded the monthly cap. */
  capReachedOn: Date | null
}

type Terms = Omit<UsageForDryRun, "days"> & {
  thresholdNanos: bigint
  amountNanos: bigint
  capNanos: bigint | null
}

/**
 * Simulates what auto top-up would have charged, day by day, for the usage as it was. It uses the deciding rule:
 * usage makes a pool due when what is available falls to the threshold. Purchases by hand are left out, because they
 * would hardly have been made. Days are the finest data, so the limit per hour is ignored.
 */
export function simulateTopUps(usage: DayOfUsage[], terms: Terms): DryRun {
  const { thresholdNanos, amountNanos, capNanos } = terms
  let balance = terms.startNanos
  let month = 0
  let chargedThisMonth = 0n
  let capReachedOn: Date | null = null
  let isDue = false
  const days = usage.map(({ day, spentNanos, creditsNanos, includedLeftNanos }, index) => {
    if (startOfMonth(day).getTime() !== month) {
      month = startOfMonth(day).getTime()
      chargedThisMonth = 0n
    }
    isDue ||= spentNanos > 0n
    if (!isDue) return { day, spentNanos, topUps: 0 }
    const heldNanos = index === usage.length - 1 ? terms.heldNanos : 0n
    // Available is balance plus included less held, so this is the balance at which the pool is low.
    const lowAt = thresholdNanos - includedLeftNanos + heldNanos
    let left = creditsNanos
    let topUps = 0
    for (;;) {
      // Spends as much as it can before the next top-up would fire.
      const untilLow = balance > lowAt ? balance - lowAt : 0n
      const spent = least(left, untilLow)
      balance -= spent
      left -= spent
      if (balance > lowAt || topUps >= MAX_PER_DAY) break
      if (capNanos !== null && chargedThisMonth + amountNanos > capNanos) {
        capReachedOn ??= day
        break
      }
      topUps += 1
      balance += amountNanos
      chargedThisMonth += amountNanos
      // The amount is never less than the threshold. Where they are equal, the balance is low again at once.
      if (left === 0n && balance > lowAt) break
    }
    // Usage that nobody paid for was refused.
    balance -= left < balance ? left : balance > 0n ? balance : 0n
    isDue = balance <= lowAt
    return { day, spentNanos, topUps }
  })
  const topUps = days.reduce((sum, each) => sum + each.topUps, 0)
  return { days, topUps, chargedNanos: BigInt(topUps) * amountNanos, capReachedOn }
}
