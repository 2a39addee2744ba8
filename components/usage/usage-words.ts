import { formatUtcDate, formatUtcDay } from "@/lib/format-time"

const DAY_MS = 86_400_000

type Range = { from: string; to: string }

const atOf = (day: string) => new Date(`${day}T00:00:00Z`)
const countDays = ({ from, to }: Range) => (atOf(to).getTime() - atOf(from).getTime()) / DAY_MS + 1

/** Returns a range as it goes on after an amount: `in the last 30 days`, `in November`, `from 2 to 30 November`. */
export function rangeInWords(choice: string, range: Range, now: Date): string {
  if (choice === "month") return "this month"
  if (choice === "last_month") return `in ${formatUtcDate(atOf(range.from), now).replace(/^1 /, "")}`
  if (choice !== "custom") return `in the last ${countDays(range)} days`
  const last = formatUtcDate(atOf(range.to), now)
  if (range.from === range.to) return `on ${last}`
  const isOneMonth = range.from.slice(0, 7) === range.to.slice(0, 7)
  const isOneYear = range.from.slice(0, 4) === range.to.slice(0, 4)
  const first = isOneMonth
    ? String(atOf(range.from).getUTCDate())
    : isOneYear
      ? formatUtcDay(atOf(range.from))
      : formatUtcDate(atOf(range.from), now)
  return `from ${first} to ${last}`
}

/** From here on a percentage is harder to read than a multiple. */
const MANY_TIMES = 10n

/** Returns how an amount compares with that of as many days before: `12% more than the 30 days before`. */
export function comparisonInWords(amount: bigint, before: bigint, range: Range): string {
  const days = countDays(range)
  const former = days === 1 ? "the day before" : `the ${days} days before`
  if (before <= 0n) return amount > 0n ? `nothing in ${former}` : ""
  if (amount >= before * MANY_TIMES) return `${amount / before} times ${former}`
  const percent = roundedPercent(amount - before, before)
  if (percent === 0) return `as much as ${former}`
  return `${Math.abs(percent)}% ${percent > 0 ? "more" : "less"} than ${former}`
}

const roundedPercent = (part: bigint, whole: bigint) => Math.round(Number((part * 10_000n) / whole) / 100)

/** Returns a share in percent, with one decimal below ten. */
export function shareOf(part: bigint, whole: bigint): number {
  if (whole <= 0n || part <= 0n) return 0
  const percent = Number((part * 10_000n) / whole) / 100
  return percent < 10 ? Math.round(percent * 10) / 10 : Math.round(percent)
}
