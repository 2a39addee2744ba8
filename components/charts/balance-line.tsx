import { useId } from "react"
import { formatBalance } from "@/lib/money/usd"
import { areaPath, linePath } from "./balance-path"
import { ChartFrame } from "./chart-frame"
import type { ChartRow } from "./chart-table"
import type { BalanceDay, ChartDay, ChartMark } from "./chart-types"
import { dayAxis, dayInWords } from "./day-axis"
import { type LegendEntry, markEntries } from "./legend"
import { lookOf, Patterns } from "./looks"
import { Mark, stackMarks, wordsOf } from "./marks"
import { moneyAxis } from "./money-axis"

type BalanceLineProps = {
  /** The chart in a few words: `Balance of the last 30 days`. */
  title: string
  days: BalanceDay[]
  marks: ChartMark[]
  /** The days after the last one, as they would go on. */
  projection?: BalanceDay[]
  height?: number
}

/** The look of included credits: neutral and hatched. */
const INCLUDED = 4

/**
 * A balance by day: what is available as a line, and how much of it is included as a band below the line. It goes on as
 * a dashed line where it is projected.
 */
export function BalanceLine({ title, days, marks, projection = [], height = 200 }: BalanceLineProps) {
  const id = useId()
  const all = [...days, ...projection]
  const money = moneyAxis(
    all.flatMap((each) => [each.creditsNanos, availableOn(each)]),
    height,
  )
  const allDays = all.map(({ day }) => day)
  const axis = dayAxis(allDays)
  const point = (each: BalanceDay, nanos: bigint) => ({ x: axis.middle(each.day), y: money.toY(nanos) })
  const past = days.map((each) => point(each, availableOn(each)))
  const coming = [...days.slice(-1), ...projection].map((each) => point(each, availableOn(each)))
  const hasIncluded = all.some(({ includedNanos }) => includedNanos !== 0n)
  const at = new Map(all.map((each) => [each.day, money.toY(availableOn(each))]))
  const today = days.at(-1)
  return (
    <ChartFrame
      columns={
        hasIncluded
          ? ["Available", "Included", "Bought or given", "What happened"]
          : ["Balance", "What happened"]
      }
      days={axis}
      height={height}
      legend={legendOf({ id, hasIncluded, isProjected: projection.length > 0, marks })}
      money={money}
      rows={toRows({ days, projection, marks, allDays, hasIncluded })}
      title={title}
    >
      <Patterns count={INCLUDED + 1} id={id} />
      <svg
        aria-hidden="true"
        height={height}
        preserveAspectRatio="none"
        viewBox={`0 0 100 ${height}`}
        width="100%"
      >
        {hasIncluded && (
          <path
            d={areaPath(
              days.map((each) => ({ ...point(each, availableOn(each)), y0: money.toY(each.creditsNanos) })),
            )}
            {...lookOf(2, id)}
            fillOpacity="0.22"
          />
        )}
        <path
          className="fill-accent"
          d={areaPath(days.map((each) => ({ ...point(each, each.creditsNanos), y0: money.toY(0n) })))}
          fillOpacity="0.12"
        />
        <path className="stroke-accent" d={linePath(past)} {...STROKE} />
        {projection.length > 0 && (
          <path className="stroke-accent" d={linePath(coming)} {...STROKE} strokeDasharray="4 4" />
        )}
      </svg>
      {today && projection.length > 0 && (
        <line
          className="stroke-border-strong"
          strokeDasharray="1 3"
          x1={`${axis.middle(today.day)}%`}
          x2={`${axis.middle(today.day)}%`}
          y2={height}
        />
      )}
      {/* A line of one day is a point. */}
      {today && days.length === 1 && (
        <circle className="fill-accent" cx={`${axis.middle(today.day)}%`} cy={at.get(today.day)} r="2.5" />
      )}
      {stackMarks(marks.filter(({ day }) => at.has(day))).map(({ day, kind, place }) => (
        <svg
          aria-hidden="true"
          className="overflow-visible"
          key={day + place}
          x={`${axis.middle(day)}%`}
          y={(at.get(day) ?? 0) - place * 12}
        >
          <Mark kind={kind} />
        </svg>
      ))}
    </ChartFrame>
  )
}

const availableOn = ({ creditsNanos, includedNanos }: BalanceDay) => creditsNanos + includedNanos

const STROKE = {
  fill: "none",
  strokeWidth: 2,
  vectorEffect: "non-scaling-stroke",
  strokeLinejoin: "round",
} as const

type LegendOf = { id: string; hasIncluded: boolean; isProjected: boolean; marks: ChartMark[] }

function legendOf({ id, hasIncluded, isProjected, marks }: LegendOf): LegendEntry[] {
  const line = (name: string, strokeDasharray?: string): LegendEntry => ({
    name,
    swatch: <path className="stroke-accent" d="M0 6h12" strokeDasharray={strokeDasharray} strokeWidth="2" />,
  })
  return [
    line(hasIncluded ? "Available" : "Balance"),
    ...(hasIncluded
      ? [
          {
            name: "Of it included",
            swatch: <rect {...lookOf(2, id)} fillOpacity="0.3" height="12" rx="3" width="12" />,
          },
        ]
      : []),
    ...(isProjected ? [line("At this pace", "3 2")] : []),
    ...markEntries(marks.map(({ kind }) => kind)),
  ]
}

type Rows = Pick<BalanceLineProps, "days" | "marks"> & {
  projection: BalanceDay[]
  allDays: ChartDay[]
  hasIncluded: boolean
}

function toRows({ days, projection, marks, allDays, hasIncluded }: Rows): ChartRow[] {
  return [...days, ...projection].map((each, n) => {
    const { day, creditsNanos, includedNanos } = each
    const label = dayInWords(day, allDays)
    const happened = [...(n >= days.length ? ["Projected"] : []), ...wordsOf(marks, day)]
    const available = formatBalance(availableOn(each))
    const parts = hasIncluded ? [formatBalance(includedNanos), formatBalance(creditsNanos)] : []
    return {
      ...{ day, label },
      cells: [available, ...parts, happened.join(", ")],
      reading: [
        `${label}: ${available}`,
        ...(includedNanos === 0n ? [] : [`${formatBalance(includedNanos)} of it included`]),
        ...happened,
      ].join(" · "),
    }
  })
}
