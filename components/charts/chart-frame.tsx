import type { ReactNode } from "react"
import { ChartLayer } from "./chart-layer"
import { type ChartRow, ChartTable } from "./chart-table"
import type { SelectHref } from "./chart-types"
import type { DayAxis } from "./day-axis"
import { Legend, type LegendEntry } from "./legend"
import type { MoneyAxis } from "./money-axis"

type ChartFrameProps = {
  /** The chart in a few words, for screen readers and the table. */
  title: string
  height: number
  money: MoneyAxis
  days: DayAxis
  legend: LegendEntry[]
  columns: string[]
  rows: ChartRow[]
  selectHref?: SelectHref
  /** The shapes, in a drawing as wide as there is room and `height` high. */
  children: ReactNode
}

/** Room above the plot for marks at its top, and below it for the days. */
const TOP = 12
const DAYS_HEIGHT = 24

/**
 * Everything around the shapes of a chart. Its height is fixed, and everything across is in hundredths of the width, so
 * one drawing fits a phone, a desk and paper, letters keep their size, and nothing moves when a page has loaded.
 */
export function ChartFrame(props: ChartFrameProps) {
  const { title, height, money, days, legend, columns, rows, selectHref, children } = props
  return (
    <figure className="flex min-w-0 flex-col gap-2 break-inside-avoid">
      <figcaption className="sr-only">{title}</figcaption>
      <div className="flex min-w-0">
        <svg
          aria-hidden="true"
          className="shrink-0 overflow-visible fill-muted text-caption tabular-nums"
          focusable="false"
          height={TOP + height + DAYS_HEIGHT}
          width={money.labelWidth}
        >
          {money.ticks.map(({ nanos, label }) => (
            <text
              dominantBaseline="middle"
              key={label}
              textAnchor="end"
              x={money.labelWidth - 8}
              y={TOP + money.toY(nanos)}
            >
              {label}
            </text>
          ))}
        </svg>
        <ChartLayer dayCount={rows.length} plotHeight={TOP + height} selectHref={selectHref}>
          <svg
            aria-hidden="true"
            className="block w-full overflow-visible"
            focusable="false"
            height={TOP + height + DAYS_HEIGHT}
          >
            <svg aria-hidden="true" className="overflow-visible" height={height} width="100%" y={TOP}>
              {money.ticks.map(({ nanos, label }) => (
                <line
                  className={nanos === 0n ? "stroke-border-strong" : "stroke-border"}
                  key={label}
                  x2="100%"
                  y1={money.toY(nanos)}
                  y2={money.toY(nanos)}
                />
              ))}
              {children}
            </svg>
            <g className="fill-muted text-caption">
              {days.labels.map(({ day, text, anchor, isSecondary }) => (
                <text
                  className={isSecondary ? "max-sm:hidden" : undefined}
                  key={day}
                  textAnchor={anchor}
                  x={anchor === "start" ? "0" : anchor === "end" ? "100%" : `${days.middle(day)}%`}
                  y={TOP + height + 18}
                >
                  {text}
                </text>
              ))}
            </g>
          </svg>
        </ChartLayer>
      </div>
      <Legend entries={legend} />
      <ChartTable caption={title} columns={columns} rows={rows} />
    </figure>
  )
}
