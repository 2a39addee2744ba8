import { formatUtcDate } from "@/lib/format-time"
import { formatUsd } from "@/lib/money/usd"

/** How a pool goes on at its pace. */
export type Outlook = {
  dailySpendNanos: bigint
  /** When it is used up without a top-up. Null if not within a year. */
  lastsUntil: Date | null
  /** When it runs out although it is topped up. */
  runsOutAt: Date | null
  nextTopUp: { at: Date; amountNanos: bigint } | null
  capMet: { at: Date; capNanos: bigint } | null
}

type Words = {
  /** Null when there was no usage to project. */
  outlook: Outlook | null
  /** Whether nothing can be used now, a debt included. */
  isEmpty: boolean
  /** Whether auto top-up is on and yet charges nothing until somebody acts. */
  isTopUpStopped: boolean
  /** The next period that gives included credits. */
  renewal: { at: Date; includedNanos: bigint } | null
  now: Date
}

/** Says how long a balance lasts, when the next top-up comes, when the cap is met and when the plan renews. */
export function outlookInWords({ outlook, isEmpty, isTopUpStopped, renewal, now }: Words): string[] {
  const day = (at: Date) => (isSameDay(at, now) ? "today" : formatUtcDate(at, now))
  const renews = renewal
    ? [
        `The plan renews on ${formatUtcDate(renewal.at, now)} with ${formatUsd(renewal.includedNanos)} included.`,
      ]
    : []
  if (!outlook) return ["There was no usage in the last 7 days, so nothing is projected.", ...renews]
  const { lastsUntil, runsOutAt, nextTopUp, capMet, dailySpendNanos } = outlook
  const comes =
    nextTopUp && `the next top-up of ${formatUsd(nextTopUp.amountNanos)} comes ${aboutDay(day(nextTopUp.at))}`
  const lasts = isEmpty
    ? null
    : `At this pace it lasts ${lastsUntil ? `until ${day(lastsUntil)}` : "more than a year"}`
  const first = [lasts, lasts ? comes : comes && capitalized(comes)].filter(Boolean).join("; ")
  return [
    ...(first ? [`${first}.`] : []),
    ...(capMet
      ? [
          `The monthly cap of ${formatUsd(capMet.capNanos)} is met ${aboutDay(day(capMet.at))}${
            runsOutAt && !isEmpty ? `, and credits run out ${aboutDay(day(runsOutAt))}` : ""
          }.`,
        ]
      : []),
    ...(isTopUpStopped ? ["Auto top-up is stopped and adds nothing until you act."] : []),
    ...renews,
    `The pace is ${formatUsd(dailySpendNanos)} a day, from the last 7 days (UTC).`,
  ]
}

const aboutDay = (day: string) => (day === "today" ? day : `about ${day}`)

const isSameDay = (one: Date, other: Date) =>
  one.toISOString().slice(0, 10) === other.toISOString().slice(0, 10)

const capitalized = (text: string) => `${text.charAt(0).toUpperCase()}${text.slice(1)}`
