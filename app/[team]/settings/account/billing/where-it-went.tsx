import { MonthSpend, type SpendBar } from "@/components/billing/month-spend"
import { consumableName } from "@/lib/catalog/catalog"
import { toPublicId } from "@/lib/ids"
import { formatUsd } from "@/lib/money/usd"
import type { MonthSpend as Spent } from "@/lib/usage/month-spend"
import { billingHref } from "@/lib/web/billing-tabs"

type Props = { teamSlug: string; spent: Spent }

/** The whole team's, whichever pool is shown above. Left out while nothing cost anything this month. */
export function WhereItWent({ teamSlug, spent: { nowNanos, beforeNanos, consumable, spender } }: Props) {
  if (nowNanos <= 0n) return null
  const usage = (filter = {}) =>
    `${billingHref(teamSlug, "usage")}?${new URLSearchParams({ range: "month", ...filter })}`
  const bars: (SpendBar | null)[] = [
    consumable && {
      label: "Most spent on",
      name: consumableName(consumable.code),
      nanos: consumable.nanos,
      ofNanos: nowNanos,
      href: usage({ consumable: consumable.code }),
    },
    spender && {
      label: spender.kind === "member" ? "Most spent by" : "Most spent by the API key",
      name: spender.name,
      nanos: spender.nanos,
      ofNanos: nowNanos,
      href: usage({ [spender.kind]: toPublicId(spender.kind, spender.id) }),
    },
    {
      label: `${formatUsd(beforeNanos)} by this day last month`,
      name: "Team total",
      nanos: nowNanos,
      ofNanos: nowNanos > beforeNanos ? nowNanos : beforeNanos,
      href: usage(),
    },
  ]
  return <MonthSpend bars={bars.filter((bar) => bar !== null)} />
}
