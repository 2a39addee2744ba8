import { scaleBand } from "d3-scale"
import { formatShortUtcDate } from "@/lib/format-time"
import type { ChartDay } from "./chart-types"

export type DayAxis = {
  /** Where a day's band begins, and where its middle is, in hundredths of the width. */
  left: (day: ChartDay) => number
  middle: (day: ChartDay) => number
  bandwidth: number
  labels: DayLabel[]
}

export type DayLabel = {
  day: ChartDay
  text: string
  anchor: "start" | "middle" | "end"
  /** Left out where the chart is narrow. */
  isSecondary: boolean
}

const LABELS = 5

/** Places days across the width, which is a hundred wide whatever its pixels are. */
export function dayAxis(days: ChartDay[], gap = 0): DayAxis {
  const scale = scaleBand(days, [0, 100])
    .paddingInner(gap)
    .paddingOuter(gap / 2)
  const left = (day: ChartDay) => round(scale(day) ?? 0)
  return {
    left,
    middle: (day) => round((scale(day) ?? 0) + scale.bandwidth() / 2),
    bandwidth: round(scale.bandwidth()),
    labels: labelsOf(days),
  }
}

function labelsOf(days: ChartDay[]): DayLabel[] {
  const last = days.length - 1
  if (last < 0) return []
  const count = Math.min(days.length, LABELS)
  return Array.from({ length: count }, (_, n) => {
    const day = days[count === 1 ? 0 : Math.round((n * last) / (count - 1))] ?? ""
    return {
      day,
      text: dayInWords(day, days),
      anchor: count < 3 ? "middle" : n === 0 ? "start" : n === count - 1 ? "end" : "middle",
      isSecondary: count > 3 && n % 2 === 1 && n < count - 1,
    }
  })
}

/** `1 Nov`, and where the chart spans two years `30 Dec 2026`. */
export function dayInWords(day: ChartDay, days: ChartDay[]): string {
  return formatShortUtcDate(dateOf(day), dateOf(days.at(-1) ?? day))
}

const dateOf = (day: ChartDay) => new Date(`${day}T00:00:00Z`)

const round = (hundredths: number) => Math.round(hundredths * 1_000) / 1_000
