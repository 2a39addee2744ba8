import type { Tx } from "@/lib/db/client"
import type { Plan } from "@/lib/db/generated/enums"
import { queryIn } from "@/lib/db/query"
import { announce } from "@/lib/live/announce"
import { addMember, ensurePool } from "@/lib/teams/create-team"
import { lockTeam } from "@/lib/teams/lock-team"
import type { GivenRole } from "./schema"
import { findMembership } from "./store"

export type Joining =
  | { status: "joined"; memberId: string; isBack: boolean }
  | { status: "already_in"; memberId: string }
  | { status: "was_removed" }
  | { status: "no_team" }

type Person = { teamId: string; userId: string; role: GivenRole }

/**
 * Lets a person into a team, in the transaction of what allows it. Who was in the team before gets their old place and
 * pool back, with the new role, if `allowsBack`. Who is in the team keeps their role. The team stays locked.
 */
export async function joinTeam(
  tx: Tx,
  { teamId, userId, role }: Person,
  { allowsBack }: { allowsBack: boolean },
  now: Date,
): Promise<Joining> {
  // First, because nobody else makes a member of them: whoever isn't one now is none when the team is locked.
  const isPerson = await tx.$executeRaw`SELECT 1 FROM users WHERE id = ${userId}::uuid FOR NO KEY UPDATE`
  if (isPerson === 0) return { status: "no_team" }
  const known = await findMembership(tx, { teamId, userId })
  await lockTeam(tx, teamId)
  const team = await tx.team.findFirst({ where: { id: teamId, deletedAt: null }, select: { plan: true } })
  if (!team) return { status: "no_team" }
  if (known && !known.removedAt) return { status: "already_in", memberId: known.id }
  if (known && !allowsBack) return { status: "was_removed" }
  const memberId = known
    ? await bringBack(tx, { teamId, memberId: known.id, role, plan: team.plan }, now)
    : (await addMember(tx, { teamId, userId, role, plan: team.plan })).memberId
  await announce(queryIn(tx), teamId)
  return { status: "joined", memberId, isBack: known !== null }
}

async function bringBack(
  tx: Tx,
  { teamId, memberId, role, plan }: { teamId: string; memberId: string; role: GivenRole; plan: Plan },
  now: Date,
): Promise<string> {
  await tx.member.update({
    where: { teamId_id: { teamId, id: memberId } },
    data: { role, removedAt: null, movesCredits: false, joinedAt: now },
  })
  await ensurePool(tx, { teamId, memberId, plan })
  return memberId
}
