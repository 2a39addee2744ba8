import { interleave } from "../measuring/measure"
import type { Bench, Section } from "../setup/bench"
import { withConnections } from "../setup/connections"
import {
  floorCases,
  IN_FLIGHT,
  MANY_IN_FLIGHT,
  manyPoolsCases,
  manyRows,
  naive,
  naiveCases,
  onePool,
  onePoolCases,
  oneRow,
  POOLS_OF_ONE_TEAM,
  TEAMS_OF_ONE_POOL,
} from "./spend-cases"
import { reportFloors, reportOnePool } from "./spend-figures"

const NAIVE_IN_FLIGHT = [1, 32, 256]

export const spends: Section = {
  name: "spends",
  about: "spends of one pool and of many, against what PostgreSQL and Prisma do without a queue",
  async run({ server, report, pace, say }: Bench) {
    const url = await server.createDatabase("bench_spends")
    await withConnections(url, async ({ db, metering }) => {
      const floors = await floorCases(url, ["one", "many"])
      const naives = await naiveCases(url, { db, metering }, NAIVE_IN_FLIGHT)
      const ours = [...(await onePoolCases(db, metering)), ...(await manyPoolsCases(db, metering))]
      const rounds = await interleave([...floors.cases, ...naives.cases, ...ours], pace, say)
      await Promise.all([floors.end(), naives.end()])

      reportFloors(report, rounds, [
        ...IN_FLIGHT.map(oneRow),
        ...IN_FLIGHT.map(manyRows),
        ...NAIVE_IN_FLIGHT.map(naive),
      ])
      reportOnePool(report, rounds, IN_FLIGHT)
      const own = rounds.of(onePool(256)).perSecond
      report.compare(`${onePool(256)}, against the naive transaction`, own, "/s", {
        floor: rounds.of(naive(256)).perSecond,
        ratio: rounds.ratio(onePool(256), naive(256)),
        target: { atLeast: 100 },
      })
      for (const name of [POOLS_OF_ONE_TEAM, TEAMS_OF_ONE_POOL])
        report.compare(`${name}, ${MANY_IN_FLIGHT} in flight`, rounds.of(name).perSecond, "/s", {
          floor: rounds.of(manyRows(MANY_IN_FLIGHT)).perSecond,
          ratio: rounds.ratio(name, manyRows(MANY_IN_FLIGHT)),
          target: name === POOLS_OF_ONE_TEAM ? { atLeast: 3 } : undefined,
        })
    })
    await server.dropDatabase("bench_spends")
  },
}
