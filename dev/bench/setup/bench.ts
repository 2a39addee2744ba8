import type { Pace } from "../measuring/measure"
import type { Report } from "../measuring/report"
import type { BenchServer } from "./server"

/** What every section gets. */
export type Bench = {
  server: BenchServer
  report: Report
  quick: boolean
  pace: Pace
  /** Shows what is going on. */
  say: (line: string) => void
}

export type Section = { name: string; about: string; run: (bench: Bench) => Promise<void> }
