import { type Case, interleave, type Measured } from "../measuring/measure"
import type { Section } from "../setup/bench"
import { type Child, startChild } from "../setup/child"
import { withConnections } from "../setup/connections"
import { countRecords, reportFaults } from "./exactness"
import { oneTeam } from "./spend-cases"
import type { SpendOrder, SpendResult } from "./spender"

const IN_FLIGHT = 256
const COUNTS = [1, 2, 4]
/** Long enough for the message to reach all of them. */
const HEAD_START_MS = 30

const caseOf = (count: number) =>
  `${count} ${count === 1 ? "process" : "processes"}, ${IN_FLIGHT} in flight together`

export const processes: Section = {
  name: "processes",
  about: "one pool, spent from by one, two and four processes",
  async run({ server, report, pace, say }) {
    const url = await server.createDatabase("bench_processes")
    const children = Array.from({ length: Math.max(...COUNTS) }, () =>
      startChild(new URL("./spender.ts", import.meta.url)),
    )
    try {
      await withConnections(url, async ({ db, metering }) => {
        const [teamId] = await oneTeam(db, metering)
        const before = await countRecords(db, teamId)
        let acknowledged = 0
        const cases = COUNTS.map(
          (count): Case => ({
            name: caseOf(count),
            measure: async (ms) => {
              const order = { databaseUrl: url, teamId, inFlight: IN_FLIGHT / count, ms }
              const { records, measured } = await runTogether(children.slice(0, count), order)
              acknowledged += records
              return measured
            },
          }),
        )
        const rounds = await interleave(cases, pace, say)
        for (const count of COUNTS) {
          const { perSecond, p50Ms, p99Ms } = rounds.of(caseOf(count))
          const note = `p50 ${p50Ms.toFixed(2)} ms, p99 ${p99Ms.toFixed(2)} ms`
          if (count === 1) report.say(caseOf(count), perSecond, "/s", { note })
          else
            report.compare(caseOf(count), perSecond, "/s", {
              floor: rounds.of(caseOf(1)).perSecond,
              ratio: rounds.ratio(caseOf(count), caseOf(1)),
              target: { atLeast: 1 },
              note,
            })
        }
        say("adding everything up again")
        const written = (await countRecords(db, teamId)) - before
        report.say("records written above those acknowledged", written - acknowledged, "", {
          target: { atMost: 0 },
          note: `${acknowledged.toLocaleString("en-US")} acknowledged`,
        })
        report.say("acknowledged records that are missing", acknowledged - written, "", {
          target: { atMost: 0 },
        })
        await reportFaults(db, teamId, { report, say })
      })
    } finally {
      await Promise.all(children.map((child) => child.stop()))
    }
    await server.dropDatabase("bench_processes")
  },
}

async function runTogether(children: Child[], order: Omit<SpendOrder, "beginsAt">) {
  const beginsAt = Date.now() + HEAD_START_MS
  const results = await Promise.all(children.map((child) => child.ask<SpendResult>({ ...order, beginsAt })))
  const records = results.reduce((sum, { count }) => sum + count, 0)
  const beganAt = Math.min(...results.map((result) => result.beganAt))
  const endedAt = Math.max(...results.map((result) => result.endedAt))
  const measured: Measured = {
    perSecond: (records / (endedAt - beganAt)) * 1_000,
    p50Ms: Math.max(...results.map(({ p50Ms }) => p50Ms)),
    p99Ms: Math.max(...results.map(({ p99Ms }) => p99Ms)),
  }
  return { records, measured }
}
