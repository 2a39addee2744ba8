import type { MarkKind } from "@/components/charts/chart-types"
import type { BalanceOverTimeData } from "@/components/credits/balance-over-time"
import { outlookInWords } from "@/components/credits/outlook-words"
import { type TransactionKind, transactionLabel } from "@/components/credits/transaction-kinds"
import { type BalanceOverTime, outlookAt } from "@/lib/billing-page/balance-over-time"
import type { ProjectedTopUp } from "@/lib/billing-page/outlook"
import { formatUsd } from "@/lib/money/usd"
import { isUsedUp } from "@/lib/pools/is-low"
import type { Pool } from "@/lib/pools/queries"
import { utcDayOf } from "@/lib/utc-day"

/** The days that can be shown, and how many of the projection beside them. */
const RANGES = [
  { days: 30, ahead: 15 },
  { days: 90, ahead: 30 },
] as const

export type ShownDays = (typeof RANGES)[number]["days"]

/** Reads the shown days from the address. Anything unknown is the shortest range. */
export function shownDays(asked: string | string[] | undefined): ShownDays {
  return RANGES.find(({ days }) => asked === String(days))?.days ?? RANGES[0].days
}

const MARKS: Partial<Record<TransactionKind, MarkKind>> = {
  purchase: "purchase",
  auto_top_up: "top_up",
  refund: "refund",
  dispute: "refund",
  included_grant: "included",
}

type View = { shown: ShownDays; topUp: ProjectedTopUp; hrefOf: (days: ShownDays) => string; now: Date }

/** Returns a pool's balance over time as its section of the card takes it. Null where nothing ever happened. */
export function balanceOverTimeOf(
  pool: Pool,
  balance: BalanceOverTime,
  { shown, topUp, hrefOf, now }: View,
): BalanceOverTimeData | null {
  if (balance.days.every(isUnmoved)) return null
  const outlook = outlookAt(pool, balance, { topUp: topUp.kind === "on" ? topUp.terms : null, now })
  const days = balance.days.slice(-shown)
  const today = days.at(-1)
  const ahead = RANGES.find((range) => range.days === shown)?.ahead ?? 0
  return {
    days: days.map(toChartDay),
    marks: days.flatMap(({ day, moved }) =>
      moved.map(({ kind, amountNanos, times }) => ({
        day: utcDayOf(day),
        kind: MARKS[kind] ?? null,
        words: `${transactionLabel(kind)} ${times > 1 ? `(${times}) ` : ""}${formatUsd(amountNanos, { sign: "always" })}`,
      })),
    ),
    projection: (outlook?.days.slice(0, ahead) ?? []).map(toChartDay),
    words: outlookInWords({
      outlook,
      isEmpty: today === undefined || isUsedUp(today.creditsNanos + today.includedNanos),
      isTopUpStopped: topUp.kind === "stopped",
      renewal: balance.periods.find(({ at, includedNanos }) => at > now && includedNanos > 0n) ?? null,
      now,
    }),
    ranges: RANGES.map((range) => ({
      days: range.days,
      href: hrefOf(range.days),
      isCurrent: range.days === shown,
    })),
  }
}

const isUnmoved = ({ creditsNanos, includedNanos, spentNanos, moved }: BalanceOverTime["days"][number]) =>
  creditsNanos === 0n && includedNanos === 0n && spentNanos === 0n && moved.length === 0

const toChartDay = ({
  day,
  creditsNanos,
  includedNanos,
}: {
  day: Date
  creditsNanos: bigint
  includedNanos: bigint
}) => ({
  day: utcDayOf(day),
  creditsNanos,
  includedNanos,
})
