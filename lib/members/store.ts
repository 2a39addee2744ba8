import type { Tx } from "@/lib/db/client"
import type { Role } from "@/lib/db/generated/enums"

export type StoredMember = {
  id: string
  userId: string
  role: Role
  removedAt: Date | null
  movesCredits: boolean
}

/**
 * Locks members of the team until the transaction ends, and returns them as they are then. Always before the team and
 * in one order, as a permission locks its member first: two Admins who remove each other wait and don't deadlock.
 */
export async function lockMembers(
  tx: Tx,
  { teamId, memberIds }: { teamId: string; memberIds: string[] },
): Promise<Map<string, StoredMember>> {
  const rows = await tx.$queryRaw<StoredMember[]>`
    SELECT id, user_id AS "userId", role, removed_at AS "removedAt", moves_credits AS "movesCredits" FROM members
    WHERE team_id = ${teamId}::uuid AND id = ANY(${memberIds}::uuid[]) ORDER BY id FOR NO KEY UPDATE`
  return new Map(rows.map((row) => [row.id, row]))
}

/** Locks and returns a person's place in the team, present or former. */
export async function findMembership(
  tx: Tx,
  { teamId, userId }: { teamId: string; userId: string },
): Promise<StoredMember | null> {
  const [row] = await tx.$queryRaw<StoredMember[]>`
    SELECT id, user_id AS "userId", role, removed_at AS "removedAt", moves_credits AS "movesCredits" FROM members
    WHERE team_id = ${teamId}::uuid AND user_id = ${userId}::uuid FOR NO KEY UPDATE`
  return row ?? null
}

export type OpenOffer = {
  id: string
  fromMemberId: string
  toMemberId: string
  confirmedAt: Date | null
  expiresAt: Date
}

/** Returns the team's one offer that was neither accepted nor ended, perhaps an expired one. */
export function findOpenOffer(db: Tx, teamId: string): Promise<OpenOffer | null> {
  return db.ownershipOffer.findFirst({
    where: { teamId, acceptedAt: null, endedAt: null },
    select: { id: true, fromMemberId: true, toMemberId: true, confirmedAt: true, expiresAt: true },
  })
}
