export type BillingPeriod = {
  /** The first instant of the period. */
  start: Date
  /** The first instant of the next one. */
  end: Date
}

/**
 * Returns the monthly billing period that contains `now`, or the first one if it is still to come. Periods start each
 * month on the anchor's day and time of day in UTC, or on the last day of a month without that day.
 */
export function billingPeriodAt(anchor: Date, now: Date): BillingPeriod {
  if (Number.isNaN(anchor.getTime()) || Number.isNaN(now.getTime()))
    throw new RangeError("A billing period needs real instants.")
  const monthsApart =
    (now.getUTCFullYear() - anchor.getUTCFullYear()) * 12 + now.getUTCMonth() - anchor.getUTCMonth()
  const hasStarted = periodStart(anchor, monthsApart) <= now
  const index = Math.max(0, hasStarted ? monthsApart : monthsApart - 1)
  return { start: periodStart(anchor, index), end: periodStart(anchor, index + 1) }
}

// Always counted from the anchor. Counted from one end to the next, an anchor on the 31st would stay on the 28th
// after a February.
function periodStart(anchor: Date, index: number): Date {
  const year = anchor.getUTCFullYear()
  const month = anchor.getUTCMonth() + index
  const daysInMonth = new Date(Date.UTC(year, month + 1, 0)).getUTCDate()
  const start = new Date(anchor)
  start.setUTCFullYear(year, month, Math.min(anchor.getUTCDate(), daysInMonth))
  return start
}
