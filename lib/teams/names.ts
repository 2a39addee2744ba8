import type { Db, Tx } from "@/lib/db/client"

/** The name of whoever has deleted their account. */
const FORMER = "Former member"

/** Returns people's names by user id, or their address where there is no name. Deleted people are missing. */
export async function getNames(db: Db | Tx, userIds: string[]): Promise<Map<string, string>> {
  const users = await db.user.findMany({
    where: { id: { in: userIds } },
    select: { id: true, name: true, email: true },
  })
  return new Map(users.map((user) => [user.id, user.name ?? user.email]))
}

/** The same by member id. */
export async function getMemberNames(
  db: Db | Tx,
  teamId: string,
  memberIds: string[],
): Promise<Map<string, string>> {
  const members = await db.member.findMany({
    where: { teamId, id: { in: memberIds } },
    select: { id: true, userId: true },
  })
  const names = await getNames(
    db,
    members.map(({ userId }) => userId),
  )
  return new Map(members.flatMap(({ id, userId }) => [[id, names.get(userId) ?? FORMER]]))
}

/** Returns a member's name, also of one who has left. */
export async function getMemberName(db: Db | Tx, teamId: string, memberId: string): Promise<string> {
  return (await getMemberNames(db, teamId, [memberId])).get(memberId) ?? FORMER
}
