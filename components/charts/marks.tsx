import { symbol, symbolCircle, symbolDiamond, symbolSquare, symbolTriangle } from "d3-shape"
import type { ChartDay, ChartMark, MarkKind } from "./chart-types"

const SHAPES = {
  purchase: { shape: symbolCircle, name: "Purchase" },
  top_up: { shape: symbolTriangle, name: "Auto top-up" },
  refund: { shape: symbolDiamond, name: "Refund" },
  included: { shape: symbolSquare, name: "Included credits" },
} as const

export const markName = (kind: MarkKind): string => SHAPES[kind].name

const MARK_SIZE = 52

/** A mark whose middle is the origin. Included credits cost nothing and are neutral. */
export function Mark({ kind }: { kind: MarkKind }) {
  return (
    <path
      className={kind === "included" ? "fill-surface stroke-muted" : "fill-accent stroke-surface"}
      d={symbol(SHAPES[kind].shape, MARK_SIZE)() ?? ""}
      strokeWidth="1.5"
    />
  )
}

const MOST_A_DAY = 3

/** Gives the marks of one day their places above each other. A day shows three, and the table names all. */
export function stackMarks(marks: ChartMark[]): { day: ChartDay; kind: MarkKind; place: number }[] {
  const taken = new Map<ChartDay, number>()
  return marks.flatMap(({ day, kind }) => {
    if (kind === null) return []
    const place = taken.get(day) ?? 0
    taken.set(day, place + 1)
    return place < MOST_A_DAY ? { day, kind, place } : []
  })
}

export const wordsOf = (marks: ChartMark[], day: ChartDay): string[] =>
  marks.filter((mark) => mark.day === day).map(({ words }) => words)
