import { CATALOG } from "@/lib/catalog/catalog"
import { CONSUMABLE_CODES, type Consumable } from "@/lib/catalog/schema"
import type { Db } from "@/lib/db/client"
import { fillApiKeys } from "../../testing/api-keys"
import { addTestMember, createTestTeam, type TestTeam } from "../../testing/teams"
import { fillLedger } from "./fill-ledger"

const MEMBERS = 10
const DAYS = 365
/** The consumables whose records name a model and a run. */
const NAMED: ReadonlySet<Consumable> = new Set<Consumable>(["llm_tokens", "agent_compute"])

export type BusyTeam = { team: TestTeam; memberIds: string[]; apiKeyIds: string[] }

/**
 * Creates a team of ten members with a year of usage of everything that is metered. Half of it is the Owner's pool's:
 * the Owner's own, two keys' and a schedule's.
 */
export async function createBusyTeam(
  db: Db,
  databaseUrl: string,
  records: number,
  say: (line: string) => void,
): Promise<BusyTeam> {
  const team = await createTestTeam(db, { plan: "free" })
  const others = [team.admin, team.member]
  while (others.length < MEMBERS - 1)
    others.push(await addTestMember(db, { teamId: team.id, plan: "free", role: "MEMBER" }))
  await fillApiKeys(db, team, 2)
  const keys = await db.apiKey.findMany({ where: { teamId: team.id }, select: { id: true } })
  const apiKeyIds = keys.map(({ id }) => id)
  const by = (memberId: string | null, trigger: string, apiKeyId: string | null = null) => ({
    memberId,
    trigger,
    apiKeyId,
  })
  const causes = [
    by(team.owner.memberId, "user"),
    by(null, "schedule"),
    ...apiKeyIds.map((id) => by(null, "api_key", id)),
  ]
  const fill = async (poolId: string, share: number, from: ReturnType<typeof by>[]) => {
    const meters = await addMeters(db, team.id, from)
    say(`writing ${Math.round(records * share).toLocaleString("en-US")} records of a pool`)
    const namedMeterNos = meters.filter(({ consumable }) => NAMED.has(consumable)).map(({ no }) => no)
    const pool = { teamId: team.id, poolId, meterNos: meters.map(({ no }) => no), days: DAYS, namedMeterNos }
    await fillLedger(databaseUrl, pool, Math.round(records * share))
  }
  await fill(team.owner.poolId, 0.5, causes)
  for (const { poolId, memberId } of others) await fill(poolId, 0.5 / others.length, [by(memberId, "user")])
  return { team, memberIds: [team.owner, ...others].map(({ memberId }) => memberId), apiKeyIds }
}

export async function addMeters(
  db: Db,
  teamId: string,
  causes: { memberId: string | null; trigger: string; apiKeyId: string | null }[],
): Promise<{ no: number; consumable: Consumable }[]> {
  const last = (await db.meter.count({ where: { teamId } })) + 1
  const meters = causes
    .flatMap((cause) => CONSUMABLE_CODES.map((consumable) => ({ ...cause, consumable })))
    .map((meter, index) => ({ ...meter, no: last + index }))
  await db.meter.createMany({
    data: meters.map((meter) => ({
      ...meter,
      ...{ teamId, decimals: CATALOG.consumables[meter.consumable].decimals },
      rateNanos: CATALOG.plans.free.terms[meter.consumable].rateNanos,
    })),
  })
  return meters
}
