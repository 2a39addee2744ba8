import type { Pace } from "../measuring/measure"
import type { Report } from "../measuring/report"
import type { BenchServer } from "./server"

/** Passed to every section. */
export type Bench = {
  server: BenchServer
  report: Report
  quick: boolean
  pace: Pace
  /** Shows progress. */
  say: (line: string) => void
}

export type Section = { name: string; about: string; run: (bench: Bench) => Promise<void> }
