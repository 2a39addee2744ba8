import { formatShortUtcDay, formatUtcDate } from "@/lib/format-time"

/** `1 Nov – 1 Dec` */
export function periodInWords({ start, end }: { start: Date; end: Date }): string {
  return `${formatShortUtcDay(start)} – ${formatShortUtcDay(end)}`
}

type Next = {
  source: "free" | "subscription" | "operator" | "contract"
  end: Date
  cancelAt: Date | null
  hasScheduledChange: boolean
  /** The name of the plan it changes to. Null if only Stripe knows. */
  nextPlan: string | null
  isWaiting: boolean
}

/** Says what happens to the plan at the end of the period. */
export function nextInWords(next: Next, now: Date): string {
  if (next.isWaiting) return "Renewing: waiting for Stripe to confirm"
  if (next.cancelAt) return `Ends on ${formatUtcDate(next.cancelAt, now)}, then Free`
  const day = formatUtcDate(next.end, now)
  if (next.hasScheduledChange)
    return next.nextPlan ? `Changes to ${next.nextPlan} on ${day}` : `Changes on ${day}`
  return `Renews on ${day}`
}

/** Shortens a quantity for a quick look: `3.2M`. */
export function compact(quantity: number): string {
  return compactFormat.format(quantity)
}

const compactFormat = new Intl.NumberFormat("en-US", { notation: "compact", maximumFractionDigits: 1 })

export function membersInWords(count: number): string {
  return count === 1 ? "1 member" : `${count.toLocaleString("en-US")} members`
}
