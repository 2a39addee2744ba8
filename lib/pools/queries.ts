import type { Db, Tx } from "@/lib/db/client"
import type { Role } from "@/lib/db/generated/enums"
import { NotFoundError } from "@/lib/errors"
import { availableOf, isLow } from "./is-low"

export type Pool = {
  teamId: string
  id: string
  /** Its name in the ledger's entries. */
  no: number
  /** The person whose pool it is. Null for the pool that an Enterprise team shares. */
  holder: { memberId: string; name: string; role: Role; hasLeft: boolean } | null
  balanceNanos: bigint
  includedNanos: bigint
  /** Set aside by open holds. */
  heldNanos: bigint
  lifetimeAddedNanos: bigint
  lifetimeSpentNanos: bigint
  isLow: boolean
  /** Null before the first use. */
  periodEndsAt: Date | null
}

type TeamRef = { id: string; lowBalanceThresholdNanos: bigint }

/**
 * Lists every pool of the team: the shared one or the Owner's first, then by name, and last those of people who have
 * left, whose history stays.
 */
export async function listPools(db: Db, team: TeamRef): Promise<Pool[]> {
  const pools = await findPools(db, team, null)
  const rank = ({ holder }: Pool) =>
    holder === null || (holder.role === "OWNER" && !holder.hasLeft) ? 0 : holder.hasLeft ? 2 : 1
  return pools.sort(
    (a, b) => rank(a) - rank(b) || (a.holder?.name ?? "").localeCompare(b.holder?.name ?? "", "en"),
  )
}

/** Whether the team has this pool. */
export async function hasPool(db: Db | Tx, teamId: string, poolId: string): Promise<boolean> {
  return (await db.pool.count({ where: { teamId, id: poolId } })) > 0
}

/** Whether the pool is of somebody who has left the team: nobody draws from it, and its history stays. */
export async function isLeftBehind(db: Db | Tx, teamId: string, poolId: string): Promise<boolean> {
  const rows = await db.$queryRaw<unknown[]>`
    SELECT 1 FROM pools p JOIN members m ON m.team_id = p.team_id AND m.id = p.member_id AND m.removed_at IS NOT NULL
    WHERE p.team_id = ${teamId}::uuid AND p.id = ${poolId}::uuid`
  return rows.length > 0
}

/** Returns the number by which the ledger's entries name the pool. Throws NotFoundError for another team's. */
export async function requirePoolNo(db: Db, teamId: string, poolId: string): Promise<number> {
  const pool = await db.pool.findUnique({
    where: { teamId_id: { teamId, id: poolId } },
    select: { no: true },
  })
  if (!pool) throw new NotFoundError()
  return pool.no
}

/** Returns the pool that a member draws from: their own, or the one that an Enterprise team shares. */
export async function getPoolOf(db: Db, team: TeamRef, memberId: string): Promise<Pool | null> {
  const pools = await findPools(db, team, memberId)
  return pools.find((pool) => pool.holder === null) ?? pools[0] ?? null
}

type Row = Omit<Pool, "holder" | "isLow"> & {
  memberId: string | null
  name: string | null
  role: Role
  hasLeft: boolean
  thresholdNanos: bigint
}

/** Returns every pool of the team, or a member's own and the shared one. */
async function findPools(db: Db, team: TeamRef, memberId: string | null): Promise<Pool[]> {
  // While its auto top-up is on, a pool is low when that would fire.
  const rows = await db.$queryRaw<Row[]>`
    SELECT p.team_id AS "teamId", p.id, p.no, p.member_id AS "memberId", coalesce(u.name, u.email) AS name, m.role,
      m.removed_at IS NOT NULL AS "hasLeft",
      p.credits_nanos AS "balanceNanos", p.included_nanos AS "includedNanos", p.held_nanos AS "heldNanos",
      p.lifetime_added_nanos AS "lifetimeAddedNanos", p.lifetime_spent_nanos AS "lifetimeSpentNanos",
      p.period_ends_at AS "periodEndsAt",
      coalesce(a.threshold_nanos, ${team.lowBalanceThresholdNanos}) AS "thresholdNanos"
    FROM pools p
    LEFT JOIN members m ON m.team_id = p.team_id AND m.id = p.member_id
    LEFT JOIN users u ON u.id = m.user_id
    LEFT JOIN auto_top_up_settings a ON a.team_id = p.team_id AND a.pool_id = p.id AND a.enabled
    WHERE p.team_id = ${team.id}::uuid
      AND (${memberId}::uuid IS NULL OR p.member_id IS NULL OR p.member_id = ${memberId}::uuid)`
  return rows.map(({ memberId, name, role, hasLeft, thresholdNanos, ...pool }) => ({
    ...pool,
    holder: memberId === null ? null : { memberId, name: name ?? "Former member", role, hasLeft },
    // Nobody draws from the pool of somebody who has left.
    isLow: !hasLeft && isLow(availableOf({ ...pool, creditsNanos: pool.balanceNanos }), thresholdNanos),
  }))
}

/** Returns a pool as a sentence names it: “Ada Marlow’s pool”. */
export async function getPoolInWords(db: Db | Tx, teamId: string, poolId: string): Promise<string> {
  const holder = (await getPoolNames(db, teamId, [poolId])).get(poolId)
  return holder ? `${holder}’s pool` : "the team’s pool"
}

/** Returns the pools' holders by pool id, where a team has several. With a single pool, everybody knows which it is. */
export async function getPoolNames(
  db: Db | Tx,
  teamId: string,
  poolIds: string[],
): Promise<Map<string, string>> {
  if (poolIds.length === 0) return new Map()
  const rows = await db.$queryRaw<{ id: string; name: string }[]>`
    SELECT p.id, coalesce(u.name, u.email, 'a former member') AS name FROM pools p
    LEFT JOIN members m ON m.team_id = p.team_id AND m.id = p.member_id
    LEFT JOIN users u ON u.id = m.user_id
    WHERE p.team_id = ${teamId}::uuid AND p.id = ANY(${poolIds}::uuid[])
      AND (SELECT count(*) FROM pools WHERE team_id = ${teamId}::uuid) > 1`
  return new Map(rows.map(({ id, name }) => [id, name]))
}
