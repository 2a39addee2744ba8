import { resolve } from "node:path"
import { parseArgs } from "node:util"
import { http } from "./http/http"
import { readMachineFacts } from "./measuring/machine"
import { formatTable, Report, writeResults } from "./measuring/report"
import { exporting } from "./pages/export"
import { pages } from "./pages/pages"
import { reads } from "./pages/reads"
import { statements } from "./pages/statements"
import { usage } from "./pages/usage"
import { vitals } from "./pages/vitals"
import type { Bench, Section } from "./setup/bench"
import { startBenchServer } from "./setup/server"
import { disk } from "./spends/disk"
import { durability } from "./spends/durability"
import { limits } from "./spends/limits"
import { processes } from "./spends/processes"
import { slowFlush } from "./spends/slow-flush"
import { spends } from "./spends/spends"
import { deliveries } from "./stripe/deliveries"
import { reconciliation } from "./stripe/reconcile"
import { topUps } from "./stripe/top-ups"
import { webhooks } from "./stripe/webhooks"

/* Measures how fast spending and reading are on this machine, in one run. Absolute figures say something about the
   machine. Ratios to the floors, measured in the same rounds, say something about the code. Starts its own, fully
   durable PostgreSQL. */

const SECTIONS: Section[] = [
  spends,
  slowFlush,
  processes,
  limits,
  http,
  reads,
  usage,
  statements,
  exporting,
  webhooks,
  topUps,
  deliveries,
  disk,
  reconciliation,
  durability,
  vitals,
  pages,
]

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    quick: { type: "boolean", default: false },
    out: { type: "string", default: "bench-results.json" },
  },
})
const unknown = positionals.filter((name) => !SECTIONS.some((section) => section.name === name))
if (unknown.length > 0) {
  console.error(
    `There is no section ${unknown.join(", ")}. There are: ${SECTIONS.map(({ name }) => name).join(", ")}.`,
  )
  process.exit(1)
}
const chosen = positionals.length > 0 ? SECTIONS.filter(({ name }) => positionals.includes(name)) : SECTIONS
const pace = values.quick ? { rounds: 3, roundMs: 300 } : { rounds: 5, roundMs: 1_000 }

async function run(): Promise<void> {
  const startedAt = performance.now()
  const say = (line: string) =>
    console.log(
      `${Math.round((performance.now() - startedAt) / 1_000)
        .toString()
        .padStart(4)} s  ${line}`,
    )
  say("starting PostgreSQL")
  const server = await startBenchServer()
  const stop = () => server.stop()
  const stopEarly = (reason: unknown) => {
    console.error(reason)
    void stop().finally(() => process.exit(1))
  }
  for (const event of ["SIGINT", "SIGTERM", "SIGHUP", "uncaughtException", "unhandledRejection"])
    process.once(event, stopEarly)
  try {
    const machine = await readMachineFacts(server.url("postgres"), server.folder)
    let current = ""
    const report = new Report(() => current)
    const bench: Bench = { server, report, quick: values.quick, pace, say }
    for (const section of chosen) {
      current = section.name
      say(`${section.name}: ${section.about}`)
      try {
        await section.run(bench)
      } catch (error) {
        // The other sections' findings are still worth having.
        console.error(error)
        report.say("failed before its end", 1, "", { target: { atMost: 0 }, note: String(error) })
        process.exitCode = 1
      }
    }
    const path = resolve(values.out)
    await writeResults(
      path,
      machine,
      { quick: values.quick, ...pace, sections: chosen.map(({ name }) => name) },
      report.figures,
    )
    console.log(`\n${formatTable(report.figures)}\n`)
    console.log(
      Object.entries(machine)
        .map(([name, value]) => `${name} ${value}`)
        .join(", "),
    )
    console.log(
      `${report.figures.filter(({ met }) => met === false).length} targets not met. Written to ${path}`,
    )
  } finally {
    await stop()
  }
}

await run().catch((error: unknown) => {
  console.error(error)
  process.exitCode = 1
})
// Anything a section left open must not keep this process alive.
process.exit()
