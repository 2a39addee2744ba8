import type { Db, Tx } from "@/lib/db/client"
import type { Role } from "@/lib/db/generated/enums"
import { NotFoundError } from "@/lib/errors"
import { getNames } from "@/lib/teams/names"
import { availableOf, isLow } from "./is-low"

export type Pool = {
  teamId: string
  id: string
  /** How the ledger's entries name it. */
  no: number
  /** The person whose pool it is; null for the pool that an Enterprise team shares. */
  holder: { memberId: string; name: string; role: Role } | null
  balanceNanos: bigint
  includedNanos: bigint
  lifetimeAddedNanos: bigint
  lifetimeSpentNanos: bigint
  isLow: boolean
  /** Null before the first use. */
  periodEndsAt: Date | null
}

type TeamRef = { id: string; lowBalanceThresholdNanos: bigint }

/** Every pool of the team: the shared one or the Owner's first, then by name. */
export async function listPools(db: Db, team: TeamRef): Promise<Pool[]> {
  const pools = await findPools(db, team, {})
  const rank = (pool: Pool) => (pool.holder === null || pool.holder.role === "OWNER" ? 0 : 1)
  return pools.sort(
    (a, b) => rank(a) - rank(b) || (a.holder?.name ?? "").localeCompare(b.holder?.name ?? "", "en"),
  )
}

/** Whether the team has this pool. */
export async function hasPool(db: Db | Tx, teamId: string, poolId: string): Promise<boolean> {
  return (await db.pool.count({ where: { teamId, id: poolId } })) > 0
}

/** The number by which the ledger's entries name the pool. Throws NotFoundError for another team's. */
export async function requirePoolNo(db: Db, teamId: string, poolId: string): Promise<number> {
  const pool = await db.pool.findUnique({
    where: { teamId_id: { teamId, id: poolId } },
    select: { no: true },
  })
  if (!pool) throw new NotFoundError()
  return pool.no
}

/** The pool that a member draws from: the own one, or the one that an Enterprise team shares. */
export async function getPoolOf(db: Db, team: TeamRef, memberId: string): Promise<Pool | null> {
  const pools = await findPools(db, team, { OR: [{ memberId }, { memberId: null }] })
  return pools.find((pool) => pool.holder === null) ?? pools[0] ?? null
}

async function findPools(
  db: Db,
  team: TeamRef,
  filter: { OR?: ({ memberId: string } | { memberId: null })[] },
): Promise<Pool[]> {
  const rows = await db.pool.findMany({
    where: { teamId: team.id, ...filter },
    include: { member: { select: { id: true, role: true, userId: true } } },
  })
  const names = await getNames(
    db,
    rows.flatMap((row) => (row.member ? [row.member.userId] : [])),
  )
  const thresholds = await readTopUpThresholds(db, team.id)
  return rows.map((row) => ({
    teamId: row.teamId,
    id: row.id,
    no: row.no,
    holder: row.member && {
      memberId: row.member.id,
      name: names.get(row.member.userId) ?? "Former member",
      role: row.member.role,
    },
    balanceNanos: row.creditsNanos,
    includedNanos: row.includedNanos,
    lifetimeAddedNanos: row.lifetimeAddedNanos,
    lifetimeSpentNanos: row.lifetimeSpentNanos,
    isLow: isLow(availableOf(row), thresholds.get(row.id) ?? team.lowBalanceThresholdNanos),
    periodEndsAt: row.periodEndsAt,
  }))
}

/** Whose pools these are, by pool id, where a team has several; whoever has one pool knows which it is. */
export async function getPoolNames(db: Db, teamId: string, poolIds: string[]): Promise<Map<string, string>> {
  if (poolIds.length === 0 || (await db.pool.count({ where: { teamId } })) < 2) return new Map()
  const pools = await db.pool.findMany({
    where: { teamId, id: { in: poolIds } },
    select: { id: true, member: { select: { userId: true } } },
  })
  const names = await getNames(
    db,
    pools.flatMap(({ member }) => member?.userId ?? []),
  )
  return new Map(pools.map(({ id, member }) => [id, names.get(member?.userId ?? "") ?? "a former member"]))
}

// While its auto top-up is on, a pool is low when that would fire.
async function readTopUpThresholds(db: Db, teamId: string): Promise<Map<string, bigint>> {
  const rows = await db.autoTopUpSettings.findMany({
    where: { teamId, enabled: true },
    select: { poolId: true, thresholdNanos: true },
  })
  return new Map(rows.map(({ poolId, thresholdNanos }) => [poolId, thresholdNanos]))
}
