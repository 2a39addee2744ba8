import type Stripe from "stripe"
import type { Period } from "../world/billing-tables"

type Recurring = Pick<Stripe.Price.Recurring, "interval" | "interval_count">

const DAY_S = 24 * 3600

/** Returns the same day of the month at the same time, or the month's last day where that day doesn't exist. */
function addMonths(anchorS: number, months: number): number {
  const anchor = new Date(anchorS * 1000)
  const [year, month] = [anchor.getUTCFullYear(), anchor.getUTCMonth() + months]
  const lastDay = new Date(Date.UTC(year, month + 1, 0)).getUTCDate()
  const timeS = anchorS % DAY_S
  return Date.UTC(year, month, Math.min(anchor.getUTCDate(), lastDay)) / 1000 + timeS
}

/**
 * Returns the `count`th boundary after the anchor, or before it. Always counted from the anchor: 31, 28, 31 and not
 * 31, 28, 28.
 */
export function boundary(anchorS: number, { interval, interval_count }: Recurring, count: number): number {
  const steps = count * interval_count
  switch (interval) {
    case "day":
      return anchorS + steps * DAY_S
    case "week":
      return anchorS + steps * 7 * DAY_S
    case "year":
      return addMonths(anchorS, steps * 12)
    default:
      return addMonths(anchorS, steps)
  }
}

const LONGEST_S: Record<string, number> = {
  day: DAY_S,
  week: 7 * DAY_S,
  month: 31 * DAY_S,
  year: 366 * DAY_S,
}

/** Returns the period of the anchor's rhythm that contains this moment. */
export function periodAt(anchorS: number, recurring: Recurring, atS: number): Period {
  const longestS = (LONGEST_S[recurring.interval] ?? DAY_S) * recurring.interval_count
  let count = Math.floor((atS - anchorS) / longestS)
  while (boundary(anchorS, recurring, count + 1) <= atS) count += 1
  return { start: boundary(anchorS, recurring, count), end: boundary(anchorS, recurring, count + 1) }
}

/** Returns the part of an amount for the rest of a period, by the second. */
export function prorate(amount: number, period: Period, fromS: number): number {
  const left = Math.min(Math.max(period.end - fromS, 0), period.end - period.start)
  return Math.round((amount * left) / (period.end - period.start))
}
