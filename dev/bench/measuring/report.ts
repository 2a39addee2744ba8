import { writeFile } from "node:fs/promises"
import type { MachineFacts } from "./machine"

type Target = { atLeast: number } | { atMost: number }

/**
 * One line of the result. The ratio is to the floor beside it. The target is for the ratio, or for the value where
 * there is no ratio.
 */
export type Figure = {
  section: string
  name: string
  value: number
  unit: string
  floor: number | null
  ratio: number | null
  target: Target | null
  met: boolean | null
  note: string | null
}

type Compared = { floor: number; ratio: number; target?: Target; note?: string | null }
type Plain = { target?: Target; note?: string | null }

/** Collects the sections' findings. */
export class Report {
  readonly figures: Figure[] = []

  constructor(private readonly section: () => string) {}

  /** Adds a figure with a floor that was measured in the same rounds. */
  compare(name: string, value: number, unit: string, { floor, ratio, target, note }: Compared): void {
    this.add({ name, value, unit, floor, ratio, target: target ?? null, note: note ?? null })
  }

  /** Adds a figure that stands alone. */
  say(name: string, value: number, unit: string, { target, note }: Plain = {}): void {
    this.add({ name, value, unit, floor: null, ratio: null, target: target ?? null, note: note ?? null })
  }

  private add(figure: Omit<Figure, "section" | "met">): void {
    const { target, ratio, value } = figure
    this.figures.push({
      section: this.section(),
      ...figure,
      met: target && isWithin(ratio ?? value, target),
    })
  }
}

function isWithin(value: number, target: Target): boolean {
  return "atLeast" in target ? value >= target.atLeast : value <= target.atMost
}

/** Returns the table for people to read. */
export function formatTable(figures: Figure[]): string {
  const rows = figures.map((figure) => [
    figure.section,
    figure.name,
    `${short(figure.value)} ${figure.unit}`.trim(),
    figure.floor === null ? "" : short(figure.floor),
    figure.ratio === null ? "" : `${short(figure.ratio)}x`,
    figure.target ? targetText(figure) : "",
    figure.met === null ? "" : figure.met ? "met" : "NOT MET",
    figure.note ?? "",
  ])
  const all = [["section", "figure", "value", "floor", "ratio", "target", "", "note"], ...rows]
  const widths = all[0]?.map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0))) ?? []
  return all
    .map((row) =>
      row
        .map((cell, column) =>
          column === 2 || column === 3 || column === 4
            ? cell.padStart(widths[column] ?? 0)
            : cell.padEnd(widths[column] ?? 0),
        )
        .join("  ")
        .trimEnd(),
    )
    .join("\n")
}

function targetText({ target, ratio }: Figure): string {
  if (!target) return ""
  const suffix = ratio === null ? "" : "x"
  return "atLeast" in target ? `>= ${short(target.atLeast)}${suffix}` : `<= ${short(target.atMost)}${suffix}`
}

function short(value: number): string {
  const digits = Math.abs(value) >= 100 || Number.isInteger(value) ? 0 : Math.abs(value) >= 10 ? 1 : 2
  return value.toLocaleString("en-US", { maximumFractionDigits: digits, minimumFractionDigits: digits })
}

export async function writeResults(
  path: string,
  machine: MachineFacts,
  options: object,
  figures: Figure[],
): Promise<void> {
  await writeFile(path, `${JSON.stringify({ machine, options, figures }, null, 2)}\n`)
}
