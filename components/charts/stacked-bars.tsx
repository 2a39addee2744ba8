import { useId } from "react"
import { formatUsd } from "@/lib/money/usd"
import { ChartFrame } from "./chart-frame"
import type { ChartRow } from "./chart-table"
import type { BarSeries, ChartDay, ChartMark, SelectHref } from "./chart-types"
import { dayAxis, dayInWords } from "./day-axis"
import { markEntries, seriesEntries } from "./legend"
import { lookOf, Patterns } from "./looks"
import { Mark, stackMarks, wordsOf } from "./marks"
import { moneyAxis } from "./money-axis"
import { sumSeries } from "./sum-series"

type StackedBarsProps = {
  /** The chart in a few words: `Spending by consumable, 2 to 30 November`. */
  title: string
  days: ChartDay[]
  /** The largest first. From the eighth on they are drawn together as “Other”. */
  series: BarSeries[]
  /** Where a day as a whole leads, one for each day. */
  dayHrefs?: (string | null)[]
  marks?: ChartMark[]
  selectHref?: SelectHref
  height?: number
  /** How amounts are written in the table and in what is read. */
  format?: (nanos: bigint) => string
}

/** Amounts by day, one bar a day, with a part for each series. */
export function StackedBars(props: StackedBarsProps) {
  const { title, days, dayHrefs, marks = [], selectHref, height = 200, format = formatUsd } = props
  const id = useId()
  const series = sumSeries(props.series)
  const bars = toBars(series, days.length)
  const money = moneyAxis(
    bars.flatMap(({ parts }) => parts.flatMap(({ from, to }) => [from, to])),
    height,
  )
  const axis = dayAxis(days, barGap(days.length))
  const names = series.map(({ name }) => name)
  return (
    <ChartFrame
      columns={names.length > 1 ? [...names, "Total"] : names}
      days={axis}
      height={height}
      legend={[
        ...(names.length > 1 ? seriesEntries(names, id) : []),
        ...markEntries(marks.map(({ kind }) => kind)),
      ]}
      money={money}
      rows={toRows({ days, series, bars, marks, dayHrefs, format })}
      selectHref={selectHref}
      title={title}
    >
      <Patterns count={series.length} id={id} />
      {bars.every(({ parts }) => parts.length === 0) && (
        <text className="fill-muted text-caption" textAnchor="middle" x="50%" y={height / 2}>
          Nothing on {days.length === 1 ? "this day" : "these days"}
        </text>
      )}
      {bars.map(({ parts }, day) => (
        <g key={days[day]}>
          {parts.map(({ n, from, to }) => {
            const [a, b] = [money.toY(from), money.toY(to)]
            const href = series[n]?.hrefs?.[day] ?? dayHrefs?.[day]
            const part = (
              <rect
                {...lookOf(n, id)}
                // However little it is, it shows.
                height={Math.max(Math.abs(a - b), 1)}
                key={names[n]}
                width={`${axis.bandwidth}%`}
                x={`${axis.left(days[day] ?? "")}%`}
                y={Math.min(a, b)}
              />
            )
            return href ? (
              // The table has the same links for the keyboard.
              <a href={href} key={names[n]} tabIndex={-1}>
                {part}
              </a>
            ) : (
              part
            )
          })}
        </g>
      ))}
      {stackMarks(marks).map(({ day, kind, place }) => (
        <svg
          aria-hidden="true"
          className="overflow-visible"
          key={day + place}
          x={`${axis.middle(day)}%`}
          y={place * 12 - 4}
        >
          <Mark kind={kind} />
        </svg>
      ))}
    </ChartFrame>
  )
}

/** The part of a day's width that stays free: less for many days, and so much for a few that bars stay bars. */
function barGap(dayCount: number): number {
  if (dayCount > 60) return 0.15
  return Math.max(0.3, 1 - dayCount / MOST_BARS_WIDE)
}

const MOST_BARS_WIDE = 10

type Bar = { total: bigint; parts: { n: number; from: bigint; to: bigint }[] }

/** Stacks each day's amounts, what is above zero upwards and what is below it downwards. Zeros have no part. */
function toBars(series: BarSeries[], dayCount: number): Bar[] {
  return Array.from({ length: dayCount }, (_, day) => {
    let [above, below, total] = [0n, 0n, 0n]
    const parts: Bar["parts"] = []
    for (const [n, { amounts }] of series.entries()) {
      const amount = amounts[day] ?? 0n
      total += amount
      if (amount > 0n) {
        parts.push({ n, from: above, to: above + amount })
        above += amount
      }
      if (amount < 0n) {
        parts.push({ n, from: below, to: below + amount })
        below += amount
      }
    }
    return { total, parts }
  })
}

type Rows = Pick<StackedBarsProps, "days" | "series" | "dayHrefs"> & {
  bars: Bar[]
  marks: ChartMark[]
  format: (nanos: bigint) => string
}

function toRows({ days, series, bars, marks, dayHrefs, format }: Rows): ChartRow[] {
  const isSingle = series.length < 2
  return days.map((day, n) => {
    const label = dayInWords(day, days)
    const amounts = series.map(({ amounts }) => amounts[n] ?? 0n)
    const total = format(bars[n]?.total ?? 0n)
    const parts = series.flatMap(({ name }, m) => (amounts[m] ? `${name} ${format(amounts[m])}` : []))
    const details = [...(isSingle ? [] : parts), ...wordsOf(marks, day)]
    return {
      ...{ day, label, href: dayHrefs?.[n] },
      cells: [...amounts.map(format), ...(isSingle ? [] : [total])],
      reading: [`${label}: ${total}`, ...details].join(" · "),
    }
  })
}
