import { endSessions } from "@/lib/auth/end-sessions"
import type { Tx } from "@/lib/db/client"
import { ConflictError, InvalidInputError } from "@/lib/errors"
import { endOwnMembership } from "@/lib/members/end-own-membership"
import type { PersonCtx } from "./ctx"
import { listOwnedTeams } from "./queries"
import { ownedTeamsSentence } from "./schema"

/**
 * Deletes a person's account for good: their memberships end by the rule of leaving a team, so that their bought credits
 * go to the pool that pays for it, and name, address, sign-ins and sessions are deleted. What they did stays in their
 * teams' books as a former member's. Throws `ConflictError`, with nothing changed, while they own a team.
 */
export async function deleteAccount(ctx: PersonCtx, { email }: { email: string }): Promise<void> {
  const { db, now, user, address } = ctx
  if (email.trim().toLowerCase() !== user.email)
    throw new InvalidInputError(`Enter your address, ${user.email}, to confirm.`, "email")
  await db.$transaction(async (tx) => {
    // Nobody takes them into another team meanwhile.
    await tx.$executeRaw`SELECT 1 FROM users WHERE id = ${user.id}::uuid FOR UPDATE`
    const owned = await listOwnedTeams(tx, user.id)
    if (owned.length > 0) throw new ConflictError(ownedTeamsSentence(owned))
    for (const { teamId, memberId } of await listMemberships(tx, user.id)) {
      const actor = { memberId, userId: user.id, email: user.email, address }
      await endOwnMembership(tx, { db, now, team: { id: teamId }, actor })
    }
    await endSessions(tx, { userId: user.id })
    await tx.verificationToken.deleteMany({ where: { identifier: user.email } })
    await tx.user.delete({ where: { id: user.id } })
  })
}

/** In one order, so that two who leave the same teams don't deadlock. */
async function listMemberships(tx: Tx, userId: string): Promise<{ teamId: string; memberId: string }[]> {
  return tx.$queryRaw`
    SELECT m.team_id AS "teamId", m.id AS "memberId" FROM members m
    JOIN teams t ON t.id = m.team_id AND t.deleted_at IS NULL
    WHERE m.user_id = ${userId}::uuid AND m.removed_at IS NULL ORDER BY m.team_id`
}
