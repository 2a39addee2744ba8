import type { BarSeries } from "./chart-types"
import { MAX_SERIES } from "./looks"

/** Returns at most as many series as there are looks. All from the last place on are added up as `Other`. */
export function sumSeries(series: BarSeries[]): BarSeries[] {
  if (series.length <= MAX_SERIES) return series
  const others = series.slice(MAX_SERIES - 1)
  const amounts = (others[0]?.amounts ?? []).map((_, day) =>
    others.reduce((sum, each) => sum + (each.amounts[day] ?? 0n), 0n),
  )
  return [...series.slice(0, MAX_SERIES - 1), { name: "Other", amounts }]
}
