import { startTestSession } from "@/dev/testing/sessions"
import { addTestMember, createTestTeam, type TestTeam } from "@/dev/testing/teams"
import type { Db } from "@/lib/db/client"
import { newId } from "@/lib/ids"
import { makeInvitation } from "./things"

/**
 * Everybody who may ask for something of a team. `role` is what they are in it now, whatever they were before. Null:
 * they have no part in it.
 */
export type Actor = { name: string; role: "OWNER" | "ADMIN" | "MEMBER" | null; session: string | null }

/** Returns one of each, signed in before the team changed. */
export async function makeActors(db: Db, team: TestTeam): Promise<Actor[]> {
  const add = (role: "ADMIN") => addTestMember(db, { teamId: team.id, plan: "build", role })
  const [demoted, removed, others] = [await add("ADMIN"), await add("ADMIN"), await createTestTeam(db)]
  const invited = newId()
  await db.user.create({
    data: { id: invited, email: `${invited}@example.com`, emailVerifiedAt: new Date() },
  })
  await makeInvitation(db, team, `${invited}@example.com`)
  const signIn = (userId: string) => startTestSession(db, userId)
  const actors: Actor[] = [
    { name: "Owner", role: "OWNER", session: await signIn(team.owner.userId) },
    { name: "Admin", role: "ADMIN", session: await signIn(team.admin.userId) },
    { name: "Member", role: "MEMBER", session: await signIn(team.member.userId) },
    { name: "Admin who became a Member", role: "MEMBER", session: await signIn(demoted.userId) },
    { name: "Admin who was removed", role: null, session: await signIn(removed.userId) },
    { name: "person who is only invited", role: null, session: await signIn(invited) },
    { name: "other team’s Owner", role: null, session: await signIn(others.owner.userId) },
    { name: "Owner whose session is over", role: null, session: null },
    { name: "stranger", role: null, session: null },
  ]
  const over = await startTestSession(db, team.owner.userId, new Date(Date.now() - 1_000))
  const change = (memberId: string, data: object) =>
    db.member.update({ where: { teamId_id: { teamId: team.id, id: memberId } }, data })
  await change(demoted.memberId, { role: "MEMBER" })
  await change(removed.memberId, { removedAt: new Date() })
  return actors.map((actor) => (actor.name.endsWith("is over") ? { ...actor, session: over } : actor))
}

/** Whether the actor is signed in at all. */
export const isSignedIn = ({ name, session }: Actor) => session !== null && !name.endsWith("is over")
