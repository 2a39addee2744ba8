import type { Tx } from "@/lib/db/client"
import type { Role } from "@/lib/db/generated/enums"
import { ConflictError, ForbiddenError, NotFoundError } from "@/lib/errors"
import { lockTeam } from "@/lib/teams/lock-team"
import { getMemberNames } from "@/lib/teams/names"
import { can, type Permission } from "@/lib/teams/permissions"

export type StoredRequest = {
  id: string
  memberId: string
  status: "open" | "approved" | "declined" | "withdrawn"
  amountNanos: bigint
  reason: string
  version: number
  answeredByMemberId: string | null
  grantedNanos: bigint | null
}

type Who = { teamId: string; memberId: string; permission: Permission; others: string[] }

/**
 * Locks the person who acts, the members concerned, and the team, in this order, as ending a membership does. Throws
 * `ForbiddenError` without the permission. Returns which of the others are in the team now, and whether all share one
 * pool.
 */
export async function lockConcerned(
  tx: Tx,
  { teamId, memberId, permission, others }: Who,
): Promise<{ present: Set<string>; sharesPool: boolean }> {
  const rows = await tx.$queryRaw<{ id: string; role: Role; removedAt: Date | null }[]>`
    SELECT id, role, removed_at AS "removedAt" FROM members
    WHERE team_id = ${teamId}::uuid AND id = ANY(${[memberId, ...others]}::uuid[]) ORDER BY id FOR SHARE`
  const present = rows.filter(({ removedAt }) => removedAt === null)
  const acting = present.find(({ id }) => id === memberId)
  if (!acting || !can(acting.role, permission)) throw new ForbiddenError()
  await lockTeam(tx, teamId)
  const { plan } = await tx.team.findUniqueOrThrow({ where: { id: teamId }, select: { plan: true } })
  return { present: new Set(present.map(({ id }) => id)), sharesPool: plan === "enterprise" }
}

const COLUMNS = {
  id: true,
  memberId: true,
  status: true,
  amountNanos: true,
  reason: true,
  version: true,
  answeredByMemberId: true,
  grantedNanos: true,
} as const

/** Returns a request of the team. Throws `NotFoundError` for any other. It changes only under the team's lock. */
export async function findRequest(tx: Tx, teamId: string, id: string): Promise<StoredRequest> {
  const row = await tx.creditRequest.findUnique({ where: { teamId_id: { teamId, id } }, select: COLUMNS })
  if (!row) throw new NotFoundError()
  return toStored(row)
}

/** Returns a member's open request. Null if they have none. */
export async function findOpen(tx: Tx, teamId: string, memberId: string): Promise<StoredRequest | null> {
  const row = await tx.creditRequest.findFirst({
    where: { teamId, memberId, status: "open" },
    select: COLUMNS,
  })
  return row && toStored(row)
}

const toStored = (row: Omit<StoredRequest, "status"> & { status: string }): StoredRequest => ({
  ...row,
  // A CHECK holds the list.
  status: row.status as StoredRequest["status"],
})

/** Throws `ConflictError` with what became of a request that is no longer open. */
export async function requireOpen(tx: Tx, teamId: string, request: StoredRequest): Promise<void> {
  const { status, answeredByMemberId } = request
  if (status === "open") return
  if (status === "withdrawn" || answeredByMemberId === null)
    throw new ConflictError("This request was withdrawn.")
  const names = await getMemberNames(tx, teamId, [answeredByMemberId])
  throw new ConflictError(
    `${names.get(answeredByMemberId) ?? "Somebody"} has ${status} this request already.`,
  )
}
