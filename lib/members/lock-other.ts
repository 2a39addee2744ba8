import type { Tx } from "@/lib/db/client"
import type { Role } from "@/lib/db/generated/enums"
import { ForbiddenError, NotFoundError } from "@/lib/errors"
import { lockTeam } from "@/lib/teams/lock-team"
import { can, type Permission } from "@/lib/teams/permissions"
import type { MemberCtx } from "./ctx"
import { lockMembers, type StoredMember } from "./store"

export const OWNER_STAYS = "The Owner stays until somebody else has accepted ownership."

/**
 * Locks the person who acts, the member they act on, and the team, in this order, and returns the actor's role and the
 * member. Throws `ForbiddenError` without the permission and for the Owner, and `NotFoundError` for anybody who isn't
 * in the team.
 */
export async function lockOther(
  tx: Tx,
  { team, actor }: MemberCtx,
  { memberId, permission }: { memberId: string; permission: Permission },
): Promise<{ actorRole: Role; member: StoredMember }> {
  const members = await lockMembers(tx, { teamId: team.id, memberIds: [actor.memberId, memberId] })
  const acting = members.get(actor.memberId)
  if (!acting || acting.removedAt || !can(acting.role, permission)) throw new ForbiddenError()
  await lockTeam(tx, team.id)
  const member = members.get(memberId)
  if (!member || member.removedAt) throw new NotFoundError()
  if (member.role === "OWNER") throw new ForbiddenError(OWNER_STAYS)
  return { actorRole: acting.role, member }
}
