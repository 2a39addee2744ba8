import type { Db } from "@/lib/db/client"
import type { TestMember, TestTeam } from "./teams"

/** The context of a person's action in their team. */
export function memberCtx({ db }: { db: Db }, team: TestTeam, actor: TestMember, now = new Date()) {
  return { db, now, team, actor: { ...actor, address: "192.0.2.1" }, appUrl: "http://localhost:3000" }
}

export function readMember({ db }: { db: Db }, team: { id: string }, { memberId }: { memberId: string }) {
  return db.member.findUniqueOrThrow({ where: { teamId_id: { teamId: team.id, id: memberId } } })
}

/** Returns what the audit log has about members of the team, oldest first. */
export async function listDeeds({ db }: { db: Db }, team: { id: string }) {
  const events = await db.auditEvent.findMany({ where: { teamId: team.id }, orderBy: { id: "asc" } })
  return events.map(({ kind, memberId, subjectName, before, after }) => ({
    kind,
    by: memberId,
    subject: subjectName,
    before,
    after,
  }))
}
