import { randomUUID } from "node:crypto"
import type { Db } from "@/lib/db/client"
import type { Role } from "@/lib/db/generated/enums"
import { newId } from "@/lib/ids"
import { addMember } from "@/lib/teams/create-team"
import type { TestMember, TestTeam } from "./teams"

/** Creates an Enterprise team: its members share one pool. */
export async function createEnterpriseTeam(db: Db): Promise<TestTeam> {
  const id = newId()
  const slug = `team-${randomUUID().slice(0, 8)}`
  const name = `Team ${slug}`
  await db.team.create({ data: { id, slug, name, plan: "enterprise" } })
  const poolId = newId()
  await db.pool.create({ data: { teamId: id, id: poolId } })
  const add = async (role: Role): Promise<TestMember> => {
    const userId = newId()
    const email = `${role.toLowerCase()}-${userId}@example.com`
    await db.user.create({
      data: { id: userId, name: `${role} of the test`, email, emailVerifiedAt: new Date() },
    })
    const { memberId } = await db.$transaction((tx) =>
      addMember(tx, { teamId: id, plan: "enterprise", role, userId }),
    )
    return { userId, memberId, poolId, email, address: `address of ${id}` }
  }
  return { id, slug, name, owner: await add("OWNER"), admin: await add("ADMIN"), member: await add("MEMBER") }
}
