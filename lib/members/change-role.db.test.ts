import { beforeEach, describe, expect, test } from "vitest"
import { listDeeds, memberCtx, readMember } from "@/dev/testing/members"
import { connect, untilWaiting } from "@/dev/testing/sql"
import { createTestTeam, type TestMember, type TestTeam } from "@/dev/testing/teams"
import { testDatabase } from "@/dev/testing/world"
import { createApiKey } from "@/lib/api-keys/create-api-key"
import { ForbiddenError, NotFoundError } from "@/lib/errors"
import { newId } from "@/lib/ids"
import { changeRole } from "./change-role"
import { removeMember } from "./remove-member"

const world = testDatabase()
let team: TestTeam

beforeEach(async () => {
  team = await createTestTeam(world.db)
})

const give = (role: "ADMIN" | "MEMBER", to: TestMember, by: TestMember = team.owner) =>
  changeRole(memberCtx(world, team, by), { memberId: to.memberId, role })
const roleOf = async (member: TestMember) => (await readMember(world, team, member)).role

test.each(["owner", "admin"] as const)("the %s makes a Member an Admin, and takes it back", async (by) => {
  await give("ADMIN", team.member, team[by])
  expect(await roleOf(team.member)).toBe("ADMIN")
  await give("MEMBER", team.member, team[by])
  await give("MEMBER", team.member, team[by])
  expect(await roleOf(team.member)).toBe("MEMBER")
  const deed = { kind: "member.role_changed", by: team[by].memberId, subject: "MEMBER of the test" }
  expect(await listDeeds(world, team)).toEqual([
    { ...deed, before: { role: "MEMBER" }, after: { role: "ADMIN" } },
    { ...deed, before: { role: "ADMIN" }, after: { role: "MEMBER" } },
  ])
})

test("an Admin may step down, and then changes nobody", async () => {
  await give("MEMBER", team.admin, team.admin)
  await expect(give("ADMIN", team.admin, team.admin)).rejects.toThrow(ForbiddenError)
  expect(await roleOf(team.admin)).toBe("MEMBER")
})

describe("nobody’s role is changed", () => {
  test("by a Member, by who was removed, or by another team’s Owner", async () => {
    const others = await createTestTeam(world.db)
    await removeMember(memberCtx(world, team, team.owner), {
      memberId: team.admin.memberId,
      credits: "move",
    })
    for (const by of [team.member, team.admin, others.owner])
      await expect(give("ADMIN", team.member, by)).rejects.toThrow(ForbiddenError)
    expect(await roleOf(team.member)).toBe("MEMBER")
  })

  test("if it is the Owner’s, by whomever", async () => {
    for (const by of [team.owner, team.admin])
      await expect(give("MEMBER", team.owner, by)).rejects.toThrow(ForbiddenError)
    expect(await roleOf(team.owner)).toBe("OWNER")
  })

  test("if they aren’t in the team: another team’s, nobody’s, or who was removed", async () => {
    const others = await createTestTeam(world.db)
    await world.db.member.updateMany({
      where: { id: team.member.memberId },
      data: { removedAt: new Date() },
    })
    for (const to of [others.member, { ...team.member, memberId: newId() }, team.member])
      await expect(give("ADMIN", to)).rejects.toThrow(NotFoundError)
  })
})

test("two Admins who demote each other at once: one does, and nothing deadlocks", async () => {
  for (let round = 0; round < 10; round += 1) {
    await give("ADMIN", team.admin)
    await give("ADMIN", team.member)
    const both = await Promise.allSettled([
      give("MEMBER", team.member, team.admin),
      give("MEMBER", team.admin, team.member),
    ])
    expect(both.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"])
    for (const each of both)
      if (each.status === "rejected") expect(each.reason).toBeInstanceOf(ForbiddenError)
  }
})

test("a demotion waits for what the Admin is doing, and neither deadlocks", async () => {
  const [holding, watching] = [await connect(world), await connect(world)]
  await holding.query("BEGIN")
  await holding.query("SELECT 1 FROM teams WHERE id = $1 FOR NO KEY UPDATE", [team.id])
  const key = createApiKey(
    { db: world.db, now: new Date(), team, actor: team.admin },
    { name: "CI", scopes: ["usage:write"] },
  )
  await untilWaiting(watching, 1)
  const demoted = give("MEMBER", team.admin)
  await untilWaiting(watching, 2)
  await holding.query("COMMIT")
  await key
  await demoted
  expect(await roleOf(team.admin)).toBe("MEMBER")
  for (const client of [holding, watching]) await client.end()
})
