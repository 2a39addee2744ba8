import type { Db } from "@/lib/db/client"
import type { Metering } from "@/lib/metering/metering"
import { type Case, load } from "../measuring/measure"
import { createBenchTeams, spend } from "../setup/teams"
import { prepareFloor } from "./floor"
import { connectNaive, spendNaively } from "./naive"

export const IN_FLIGHT = [1, 32, 256, 1_024]
export const MANY = 1_000
export const MANY_IN_FLIGHT = 256

export const oneRow = (inFlight: number) => `floor, one row, ${inFlight} in flight`
export const manyRows = (inFlight: number) =>
  `floor, ${MANY.toLocaleString("en-US")} rows, ${inFlight} in flight`
export const naive = (inFlight: number) => `naive Prisma transaction, ${inFlight} in flight`
export const onePool = (inFlight: number) => `one pool, ${inFlight} in flight`

function at(name: (inFlight: number) => string, inFlights: number[], call: () => Promise<unknown>): Case[] {
  return inFlights.map((inFlight) => ({ name: name(inFlight), measure: (ms) => load(inFlight, ms, call) }))
}

export async function floorCases(
  databaseUrl: string,
  rows: ("one" | "many")[],
): Promise<{ cases: Case[]; end: () => Promise<void> }> {
  const floor = await prepareFloor(databaseUrl)
  return {
    cases: rows.flatMap((which) =>
      which === "one" ? at(oneRow, IN_FLIGHT, floor.debit(1)) : at(manyRows, IN_FLIGHT, floor.debit(MANY)),
    ),
    end: floor.end,
  }
}

export async function naiveCases(
  databaseUrl: string,
  { db, metering }: { db: Db; metering: Metering },
  inFlights: number[],
): Promise<{ cases: Case[]; end: () => Promise<void> }> {
  const [teamId, poolId] = await oneTeam(db, metering)
  const { no: meterNo } = await db.meter.findFirstOrThrow({ where: { teamId, trigger: "api_key" } })
  const prisma = connectNaive(databaseUrl)
  return {
    cases: at(naive, inFlights, () => spendNaively(prisma, { teamId, poolId, meterNo })),
    end: () => prisma.$disconnect(),
  }
}

export async function onePoolCases(db: Db, metering: Metering): Promise<Case[]> {
  const [teamId] = await oneTeam(db, metering)
  return at(onePool, IN_FLIGHT, () => spend(metering, teamId))
}

export const POOLS_OF_ONE_TEAM = "1,000 pools of one team"
export const TEAMS_OF_ONE_POOL = "1,000 teams of one pool"

export async function manyPoolsCases(db: Db, metering: Metering): Promise<Case[]> {
  const [shared] = await createBenchTeams(db, metering, { teams: 1, members: MANY })
  const alone = await createBenchTeams(db, metering, { teams: MANY, members: 1 })
  if (!shared) throw new Error("The team was not made")
  return [
    ...at(
      () => POOLS_OF_ONE_TEAM,
      [MANY_IN_FLIGHT],
      () => spend(metering, shared.teamId, { memberId: pick(shared.members).memberId }),
    ),
    ...at(
      () => TEAMS_OF_ONE_POOL,
      [MANY_IN_FLIGHT],
      () => spend(metering, pick(alone).teamId),
    ),
  ]
}

/**
 * Creates a team with one pool from which a key has spent once, so that the first measured spend has nothing to
 * create.
 */
export async function oneTeam(db: Db, metering: Metering): Promise<[teamId: string, poolId: string]> {
  const [team] = await createBenchTeams(db, metering, { teams: 1, members: 1 })
  const [member] = team?.members ?? []
  if (!team || !member) throw new Error("The team was not made")
  await spend(metering, team.teamId)
  return [team.teamId, member.poolId]
}

function pick<T>(values: T[]): T {
  return values[Math.floor(Math.random() * values.length)] as T
}
