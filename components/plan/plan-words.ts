/** `1 December`, and in another year `1 December 2027`. In UTC, as periods are counted. */
export function dayInWords(at: Date, now: Date): string {
  const day = at.toLocaleDateString("en-GB", { day: "numeric", month: "long", timeZone: "UTC" })
  return at.getUTCFullYear() === now.getUTCFullYear() ? day : `${day} ${at.getUTCFullYear()}`
}

/** `1 Nov – 1 Dec` */
export function periodInWords({ start, end }: { start: Date; end: Date }): string {
  const day = (at: Date) =>
    at.toLocaleDateString("en-GB", { day: "numeric", month: "short", timeZone: "UTC" })
  return `${day(start)} – ${day(end)}`
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
  if (next.cancelAt) return `Ends on ${dayInWords(next.cancelAt, now)}, then Free`
  const day = dayInWords(next.end, now)
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
