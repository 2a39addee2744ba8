import { randomUUID } from "node:crypto"
import type { Db } from "@/lib/db/client"
import type { Plan, Role } from "@/lib/db/generated/enums"
import { newId } from "@/lib/ids"
import { addMember } from "@/lib/teams/create-team"

export type TestTeam = {
  id: string
  slug: string
  name: string
  owner: TestMember
  admin: TestMember
  member: TestMember
}
/** `address`: where the member’s requests come from. It is the team’s own, because limits count by it. */
export type TestMember = { userId: string; memberId: string; poolId: string; email: string; address: string }

/** Creates a team with an Owner, an Admin and a Member, each with an empty pool. */
export async function createTestTeam(
  db: Db,
  { plan = "build" }: { plan?: Exclude<Plan, "enterprise"> } = {},
): Promise<TestTeam> {
  const id = newId()
  const slug = `team-${randomUUID().slice(0, 8)}`
  const name = `Team ${slug}`
  await db.team.create({ data: { id, slug, name, plan } })
  const add = (role: Role) => addTestMember(db, { teamId: id, plan, role })
  return { id, slug, name, owner: await add("OWNER"), admin: await add("ADMIN"), member: await add("MEMBER") }
}

/** Adds another person to the team. */
export async function addTestMember(
  db: Db,
  input: { teamId: string; plan: Plan; role: Role },
): Promise<TestMember> {
  const userId = newId()
  const email = `${input.role.toLowerCase()}-${userId}@example.com`
  await db.user.create({
    data: { id: userId, name: `${input.role} of the test`, email, emailVerifiedAt: new Date() },
  })
  const { memberId, poolId } = await db.$transaction((tx) => addMember(tx, { ...input, userId }))
  if (!poolId) throw new Error("A member of a self-serve team has a pool")
  return { userId, memberId, poolId, email, address: `address of ${input.teamId}` }
}
