import type { Db } from "@/lib/db/client"
import type { Metering } from "@/lib/metering/metering"
import { MAX_NANOS } from "@/lib/money/usd"
import { cpuSecondsOf } from "../measuring/cpu"
import { type Case, interleave, load } from "../measuring/measure"
import type { Section } from "../setup/bench"
import { withConnections } from "../setup/connections"
import { createBenchTeams, spend } from "../setup/teams"

const IN_FLIGHT = [1, 32, 256]
const WITHOUT = "spend without a limit"
const WITH = "spend under a member’s limit"
const WITH_OWNER = "spend under the Owner’s protection"
const MANY_WITHOUT = "spend of 1,000 members without limits"
const MANY_WITH = "spend of 1,000 members with a limit each"
const at = (name: string, inFlight: number) => `${name}, ${inFlight} in flight`

export const limits: Section = {
  name: "limits",
  about: "what a limit costs a spend, in processor time of this process and PostgreSQL together",
  async run({ server, report, pace, say }) {
    const url = await server.createDatabase("bench_limits")
    await withConnections(url, async ({ db, metering }) => {
      const cases = await limitCases(db, metering)
      const rounds = await interleave(cases, pace, say)
      for (const inFlight of IN_FLIGHT)
        for (const name of [WITH, WITH_OWNER])
          report.compare(at(name, inFlight), rounds.of(at(name, inFlight)).cpuMs ?? Number.NaN, "ms", {
            floor: rounds.of(at(WITHOUT, inFlight)).cpuMs ?? Number.NaN,
            ratio: rounds.cpuRatio(at(name, inFlight), at(WITHOUT, inFlight)),
            target: { atMost: 1.05 },
          })
      const many = rounds.of(at(MANY_WITH, 256)).cpuMs ?? Number.NaN
      report.compare(at(MANY_WITH, 256), many, "ms", {
        floor: rounds.of(at(MANY_WITHOUT, 256)).cpuMs ?? Number.NaN,
        ratio: rounds.cpuRatio(at(MANY_WITH, 256), at(MANY_WITHOUT, 256)),
      })
    })
    await server.dropDatabase("bench_limits")
  },
}

async function limitCases(db: Db, metering: Metering): Promise<Case[]> {
  const [free, limited, guarded] = await createBenchTeams(db, metering, { teams: 3, members: 2 })
  if (!free || !limited || !guarded) throw new Error("The teams were not made")
  const memberOf = (team: typeof free) => team.members[1]?.memberId ?? ""
  const terms = { amountNanos: MAX_NANOS / 2n, isHard: true }
  await db.spendLimit.create({
    data: { teamId: limited.teamId, kind: "member", memberId: memberOf(limited), ...terms },
  })
  await db.spendLimit.create({ data: { teamId: guarded.teamId, kind: "owner", ...terms } })
  const [manyFree, manyLimited] = await createBenchTeams(db, metering, { teams: 2, members: 1_000 })
  if (!manyFree || !manyLimited) throw new Error("The teams were not made")
  await db.spendLimit.createMany({
    data: manyLimited.members.map(({ memberId }) => ({
      teamId: manyLimited.teamId,
      kind: "member",
      memberId,
      ...terms,
    })),
  })
  // As saving a limit does.
  const ids = await db.spendLimit.findMany({ select: { id: true, teamId: true } })
  for (const { id, teamId } of ids)
    await db.$queryRaw`SELECT id FROM ledger_read_limits(${teamId}::uuid, ARRAY[${id}::uuid], now(), true)`
  const pick = (team: typeof free) => team.members[Math.floor(Math.random() * 1_000)]?.memberId ?? ""
  const calls = {
    [WITHOUT]: () => spend(metering, free.teamId, { memberId: memberOf(free) }),
    [WITH]: () => spend(metering, limited.teamId, { memberId: memberOf(limited) }),
    [WITH_OWNER]: () => spend(metering, guarded.teamId),
  }
  const many = {
    [MANY_WITHOUT]: () => spend(metering, manyFree.teamId, { memberId: pick(manyFree) }),
    [MANY_WITH]: () => spend(metering, manyLimited.teamId, { memberId: pick(manyLimited) }),
  }
  return [
    ...IN_FLIGHT.flatMap((inFlight) =>
      Object.entries(calls).map(([name, call]) => caseOf(name, inFlight, call)),
    ),
    ...Object.entries(many).map(([name, call]) => caseOf(name, 256, call)),
  ]
}

function caseOf(name: string, inFlight: number, call: () => Promise<unknown>): Case {
  return {
    name: at(name, inFlight),
    async measure(ms) {
      const before = cpuSecondsOf(process.pid)
      const measured = await load(inFlight, ms, call)
      const count = (measured.perSecond * ms) / 1_000
      return { ...measured, cpuMs: ((cpuSecondsOf(process.pid) - before) * 1_000) / count }
    },
  }
}
