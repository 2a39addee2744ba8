import { dryRunInWords } from "@/components/auto-top-up/auto-top-up-words"
import type { UsageForDryRun } from "@/lib/auto-top-up/simulate"
import { simulateTopUps } from "@/lib/auto-top-up/simulate"
import { formatUtcDay } from "@/lib/format-time"
import { formatUsd } from "@/lib/money/usd"

type DryRunChartProps = {
  usage: UsageForDryRun
  thresholdNanos: bigint
  amountNanos: bigint
  capNanos: bigint | null
}

const HEIGHT = 48
const STEP = 10
const BAR = 7
const DOT_Y = 4

/**
 * Shows what would have been charged in the last 30 days: a bar for each day's usage, a dot over each day with
 * top-ups.
 */
export function DryRunChart({ usage, ...terms }: DryRunChartProps) {
  const { days, startNanos, heldNanos } = usage
  const run = simulateTopUps(days, { startNanos, heldNanos, ...terms })
  const heights = toHeights(days.map(({ spentNanos }) => spentNanos))
  return (
    <figure className="rounded-control bg-sunken px-4 py-3">
      <svg
        aria-hidden="true"
        className="block h-auto w-full"
        focusable="false"
        viewBox={`0 0 ${days.length * STEP - (STEP - BAR)} ${HEIGHT + 10}`}
      >
        {run.days.map(({ day, topUps }, n) => {
          const height = heights[n] ?? 0
          return (
            <g className={topUps > 0 ? "fill-accent" : "fill-border-strong"} key={day.toISOString()}>
              <title>{dayInWords(run.days[n], terms.amountNanos)}</title>
              {topUps > 0 && <circle cx={n * STEP + BAR / 2} cy={DOT_Y} r={2.5} />}
              <rect height={height} rx={1} width={BAR} x={n * STEP} y={HEIGHT + 10 - height} />
            </g>
          )
        })}
      </svg>
      <div aria-hidden="true" className="mt-1 flex justify-between text-caption text-muted">
        <span>30 days ago</span>
        <span>today</span>
      </div>
      <figcaption aria-live="polite" className="mt-2 text-caption">
        {dryRunInWords(run)}
      </figcaption>
    </figure>
  )
}

/** The largest amount takes the whole height. A day without usage is a line. */
function toHeights(amounts: bigint[]): number[] {
  let largest = 1n
  for (const amount of amounts) if (amount > largest) largest = amount
  return amounts.map((amount) => {
    const thousandths = (amount * 1_000n) / largest
    return 1 + (Number(thousandths) / 1_000) * (HEIGHT - 1)
  })
}

function dayInWords(
  of: { day: Date; spentNanos: bigint; topUps: number } | undefined,
  amountNanos: bigint,
): string {
  if (!of) return ""
  const added = of.topUps > 0 ? `, ${of.topUps} × ${formatUsd(amountNanos)} added` : ""
  return `${formatUtcDay(of.day)}: ${formatUsd(of.spentNanos)} used${added}`
}
