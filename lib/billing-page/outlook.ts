import type { AutoTopUp } from "@/lib/auto-top-up/queries"
import type { ComingPeriod } from "@/lib/billing/coming-periods"
import type { ProjectedDay, TopUpTerms } from "./project-balance"
import { projectBalance } from "./project-balance"

/** How a pool goes on at its pace, for the words and the chart. */
export type BalanceOutlook = {
  dailySpendNanos: bigint
  days: ProjectedDay[]
  /** When what there is now, and what the plan gives, is used up without a top-up. Null if not within a year. */
  lastsUntil: Date | null
  /** When it runs out although it is topped up. */
  runsOutAt: Date | null
  nextTopUp: { at: Date; amountNanos: bigint } | null
  capMet: { at: Date; capNanos: bigint } | null
}

type OutlookOf = {
  creditsNanos: bigint
  includedNanos: bigint
  heldNanos: bigint
  dailySpendNanos: bigint
  periods: ComingPeriod[]
  topUp: TopUpTerms | null
}

/** A projection further ahead would say nothing. */
export const OUTLOOK_DAYS = 365

export function outlookOf(pool: OutlookOf, now: Date): BalanceOutlook {
  const ahead = { now, days: OUTLOOK_DAYS }
  const alone = projectBalance({ ...pool, topUp: null }, ahead)
  const real = pool.topUp ? projectBalance(pool, ahead) : alone
  const capNanos = pool.topUp?.capNanos ?? null
  return {
    dailySpendNanos: pool.dailySpendNanos,
    days: real.days,
    lastsUntil: alone.emptyAt,
    runsOutAt: real.emptyAt,
    nextTopUp: real.topUps[0] ?? null,
    capMet: real.capMetAt && capNanos !== null ? { at: real.capMetAt, capNanos } : null,
  }
}

/** Reasons that pass without anybody acting. The cap is projected itself. */
const PASSING: ReadonlySet<string> = new Set([
  "attempt_open",
  "cooling_down",
  "velocity_limit",
  "cap_reached",
])

export type ProjectedTopUp = { kind: "on"; terms: TopUpTerms } | { kind: "off" } | { kind: "stopped" }

/** Returns on which terms a pool will be topped up. `stopped`: on, yet nothing is charged until somebody acts. */
export function projectedTopUp({ settings, whenLow, cap, committedNanos }: AutoTopUp): ProjectedTopUp {
  if (!settings?.enabled || !whenLow) return { kind: "off" }
  if (whenLow.kind === "no" && !PASSING.has(whenLow.reason)) return { kind: "stopped" }
  const { thresholdNanos, amountNanos } = settings
  return { kind: "on", terms: { thresholdNanos, amountNanos, capNanos: cap.capNanos, committedNanos } }
}
