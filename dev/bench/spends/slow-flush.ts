import { interleave } from "../measuring/measure"
import type { Section } from "../setup/bench"
import { withConnections } from "../setup/connections"
import { floorCases, IN_FLIGHT, onePoolCases, oneRow } from "./spend-cases"
import { reportFloors, reportOnePool } from "./spend-figures"

/**
 * PostgreSQL's own delay before each flush of its log. It stands for a slower disk: where flushes take no time,
 * nobody sees the benefit of flushing many spends together.
 */
const SLOW_FLUSH = { commit_delay: "300", commit_siblings: "0" }

export const slowFlush: Section = {
  name: "slow-flush",
  about: "one pool again, each flush of PostgreSQL's log taking 0.3 ms longer (commit_delay = 300)",
  async run({ server, report, pace, say }) {
    const url = await server.createDatabase("bench_slow_flush", SLOW_FLUSH)
    await withConnections(url, async ({ db, metering }) => {
      const floors = await floorCases(url, ["one"])
      const ours = await onePoolCases(db, metering)
      const rounds = await interleave([...floors.cases, ...ours], pace, say)
      await floors.end()
      reportFloors(report, rounds, IN_FLIGHT.map(oneRow))
      reportOnePool(report, rounds, IN_FLIGHT)
    })
    await server.dropDatabase("bench_slow_flush")
  },
}
