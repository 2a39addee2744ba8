import { dryRunInWords } from "@/components/auto-top-up/auto-top-up-words"
import type { ChartMark } from "@/components/charts/chart-types"
import { StackedBars } from "@/components/charts/stacked-bars"
import type { UsageForDryRun } from "@/lib/auto-top-up/simulate"
import { simulateTopUps } from "@/lib/auto-top-up/simulate"
import { formatUsd } from "@/lib/money/usd"

type DryRunChartProps = {
  usage: UsageForDryRun
  thresholdNanos: bigint
  amountNanos: bigint
  capNanos: bigint | null
}

/**
 * Shows what would have been charged in the last 30 days: a bar for each day's usage, a mark over each day with
 * top-ups.
 */
export function DryRunChart({ usage, ...terms }: DryRunChartProps) {
  const { days, startNanos, heldNanos } = usage
  const run = simulateTopUps(days, { startNanos, heldNanos, ...terms })
  const marks = run.days.flatMap(({ day, topUps }): ChartMark[] =>
    topUps > 0
      ? [{ day: dayOf(day), kind: "top_up", words: `${topUps} × ${formatUsd(terms.amountNanos)} added` }]
      : [],
  )
  return (
    <div className="rounded-control bg-sunken px-4 py-3">
      <p aria-live="polite" className="mb-2 text-caption">
        {dryRunInWords(run)}
      </p>
      <StackedBars
        days={run.days.map(({ day }) => dayOf(day))}
        height={72}
        marks={marks}
        series={[{ name: "Used", amounts: run.days.map(({ spentNanos }) => spentNanos) }]}
        title="Usage of the last 30 days, and what would have been added"
      />
    </div>
  )
}

const dayOf = (day: Date) => day.toISOString().slice(0, 10)
