import type { Tx } from "@/lib/db/client"
import { ConflictError, NotFoundError } from "@/lib/errors"
import { lockTeam } from "@/lib/teams/lock-team"
import type { MemberCtx } from "./ctx"
import { type Ended, endMembership } from "./end-membership"
import { lockMembers } from "./store"

/**
 * Ends the membership of the person who asks, in their transaction. Their bought credits go to the pool that pays for
 * the team. Throws `ConflictError` for the Owner, whom a team can't be without.
 */
export async function endOwnMembership(tx: Tx, ctx: MemberCtx): Promise<Ended> {
  const { team, actor } = ctx
  const members = await lockMembers(tx, { teamId: team.id, memberIds: [actor.memberId] })
  await lockTeam(tx, team.id)
  const member = members.get(actor.memberId)
  if (!member || member.removedAt) throw new NotFoundError()
  if (member.role === "OWNER")
    throw new ConflictError("You own this team. Hand over ownership first, or delete the team.")
  return endMembership(tx, ctx, { member, moves: true })
}
