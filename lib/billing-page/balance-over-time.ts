import { type ComingPeriod, comingPeriods } from "@/lib/billing/coming-periods"
import { teamTermsRead } from "@/lib/billing/team-terms"
import type { TeamTerms } from "@/lib/billing/terms-at"
import { DAY_MS } from "@/lib/clock"
import type { Db } from "@/lib/db/client"
import { readTogether } from "@/lib/db/read-together"
import { type BalanceDay, balanceDaysRead, paceOf } from "@/lib/ledger/balance-days"
import type { Pool } from "@/lib/pools/queries"
import { type BalanceOutlook, OUTLOOK_DAYS, outlookOf } from "./outlook"
import type { TopUpTerms } from "./project-balance"

/** The most days that are shown. They are always read, so that the pace doesn't depend on how many are. */
const DAYS = 90

export type BalanceOverTime = {
  days: BalanceDay[]
  /** Null without usage in the last week. */
  dailySpendNanos: bigint | null
  periods: ComingPeriod[]
}

/** Reads what `balanceOverTime` needs. */
export const balanceReads = (pool: Pool, now: Date) => ({
  days: balanceDaysRead(pool, { days: DAYS, now }),
  terms: teamTermsRead(pool.teamId),
})

export async function getBalanceOverTime(db: Db, pool: Pool, now: Date): Promise<BalanceOverTime> {
  return balanceOverTime(pool, await readTogether(db, balanceReads(pool, now)), now)
}

/** Returns a pool's balance by day, its pace, and what its plan will give. */
export function balanceOverTime(
  pool: Pool,
  { days, terms }: { days: BalanceDay[]; terms: TeamTerms | null },
  now: Date,
): BalanceOverTime {
  const today = days.at(-1)
  // Included credits end with their period, even before they are written off.
  if (today && isOver(pool, now)) today.includedNanos = 0n
  const until = new Date(now.getTime() + OUTLOOK_DAYS * DAY_MS)
  return {
    days,
    dailySpendNanos: paceOf(days, now),
    periods: terms ? comingPeriods(terms, pool.periodEndsAt, { now, until }) : [],
  }
}

/** Returns how the pool goes on. Null when there is no pace to project. */
export function outlookAt(
  pool: Pool,
  { dailySpendNanos, periods }: BalanceOverTime,
  { topUp, now }: { topUp: TopUpTerms | null; now: Date },
): BalanceOutlook | null {
  if (dailySpendNanos === null) return null
  const { balanceNanos: creditsNanos, heldNanos } = pool
  const includedNanos = isOver(pool, now) ? 0n : pool.includedNanos
  return outlookOf({ creditsNanos, includedNanos, heldNanos, dailySpendNanos, periods, topUp }, now)
}

const isOver = ({ periodEndsAt }: Pool, now: Date) => periodEndsAt === null || periodEndsAt <= now
