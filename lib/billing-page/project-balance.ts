import { MAX_PER_DAY } from "@/lib/auto-top-up/decide"
import type { ComingPeriod } from "@/lib/billing/coming-periods"
import { DAY_MS } from "@/lib/clock"
import { least } from "@/lib/money/least"
import { isLow, isUsedUp } from "@/lib/pools/is-low"
import { nextMonth } from "@/lib/top-up-settings/month"

export type TopUpTerms = {
  thresholdNanos: bigint
  amountNanos: bigint
  /** Null when there is no cap. */
  capNanos: bigint | null
  /** The team's top-ups of this month (UTC), charged and under way. */
  committedNanos: bigint
}

export type ProjectedPool = {
  creditsNanos: bigint
  includedNanos: bigint
  heldNanos: bigint
  /** The pool's pace, included credits counted. */
  dailySpendNanos: bigint
  /** The periods to come, in order. What is left of one expires when the next begins. */
  periods: ComingPeriod[]
  /** Null while nothing tops it up. */
  topUp: TopUpTerms | null
}

export type ProjectedDay = { day: Date; creditsNanos: bigint; includedNanos: bigint }

export type Projection = {
  /** The end of each coming day (UTC), today excluded. */
  days: ProjectedDay[]
  /** When nothing is left for the first time. Null if that isn't within the projected time. */
  emptyAt: Date | null
  topUps: { at: Date; amountNanos: bigint }[]
  /** When a top-up would come for the first time that the monthly cap doesn't allow. */
  capMetAt: Date | null
}

/**
 * Projects a pool at its pace: included credits are used first and expire with their period, each renewal gives new
 * ones, and auto top-up adds its amount at its threshold as often as its cap and the limit per day allow. Usage that
 * nothing can pay for is refused.
 */
export function projectBalance(pool: ProjectedPool, { now, days }: { now: Date; days: number }): Projection {
  const run = new Run(pool)
  const projected: ProjectedDay[] = []
  const today = Math.floor(now.getTime() / DAY_MS) * DAY_MS
  const periods = pool.periods.map(({ at, includedNanos }) => ({ at: at.getTime(), includedNanos }))
  let from = now.getTime()
  for (let n = 0; n <= days; n++) {
    const end = today + (n + 1) * DAY_MS
    for (;;) {
      const next = periods[0]
      const to = next && next.at < end ? Math.max(next.at, from) : end
      run.spend(from, to)
      from = to
      if (!next || next.at >= end) break
      run.renew(next.includedNanos)
      periods.shift()
    }
    run.endDay(new Date(end - 1))
    if (n > 0) projected.push({ day: new Date(today + n * DAY_MS), ...run.balances() })
  }
  return { days: projected, emptyAt: run.emptyAt, topUps: run.topUps, capMetAt: run.capMetAt }
}

/** A pool on its way. */
class Run {
  emptyAt: Date | null = null
  capMetAt: Date | null = null
  readonly topUps: Projection["topUps"] = []
  private credits: bigint
  private included: bigint
  private committed: bigint
  private toppedUpToday = 0

  constructor(private readonly pool: ProjectedPool) {
    this.credits = pool.creditsNanos
    this.included = pool.includedNanos
    this.committed = pool.topUp?.committedNanos ?? 0n
  }

  balances() {
    return { creditsNanos: this.credits, includedNanos: this.included }
  }

  renew(includedNanos: bigint): void {
    this.included = includedNanos
  }

  endDay(last: Date): void {
    this.toppedUpToday = 0
    if (nextMonth(last).getTime() === last.getTime() + 1) this.committed = 0n
  }

  /** Spends at the pace between two times. */
  spend(from: number, to: number): void {
    const wanted = (this.pool.dailySpendNanos * BigInt(to - from)) / BigInt(DAY_MS)
    let left = wanted
    const at = () => new Date(from + Number(((wanted - left) * BigInt(to - from)) / wanted))
    while (left > 0n) {
      const mayTopUp = this.topUpAsNeeded(at)
      const available = this.credits + this.included
      // A remnant that can neither be seen nor bought is nothing.
      if (!mayTopUp && isUsedUp(available)) {
        this.emptyAt ??= at()
        return
      }
      const untilLow = mayTopUp ? available - this.pool.heldNanos - mayTopUp.thresholdNanos : available
      const spent = least(left, untilLow)
      const fromIncluded = least(spent, this.included)
      this.included -= fromIncluded
      this.credits -= spent - fromIncluded
      left -= spent
    }
  }

  /** Returns the terms while a further top-up may come. Null when there is none, or it has to wait. */
  private topUpAsNeeded(at: () => Date): TopUpTerms | null {
    const { topUp, heldNanos } = this.pool
    if (!topUp || topUp.amountNanos <= 0n) return null
    while (isLow(this.credits + this.included - heldNanos, topUp.thresholdNanos)) {
      if (this.toppedUpToday >= MAX_PER_DAY) return null
      if (topUp.capNanos !== null && this.committed + topUp.amountNanos > topUp.capNanos) {
        this.capMetAt ??= at()
        return null
      }
      this.credits += topUp.amountNanos
      this.committed += topUp.amountNanos
      this.toppedUpToday += 1
      this.topUps.push({ at: at(), amountNanos: topUp.amountNanos })
    }
    return topUp
  }
}
