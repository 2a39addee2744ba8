import { beforeEach, expect, test } from "vitest"
import { createEnterpriseTeam } from "@/dev/testing/enterprise"
import { connect, untilWaiting } from "@/dev/testing/sql"
import { createTestTeam, type TestTeam } from "@/dev/testing/teams"
import { testDatabase } from "@/dev/testing/world"

const world = testDatabase()
let team: TestTeam

beforeEach(async () => {
  team = await createTestTeam(world.db)
})

const idOf = (memberId: string) => ({ teamId_id: { teamId: team.id, id: memberId } })
const change = (memberId: string, data: { role?: "OWNER" | "MEMBER"; removedAt?: Date }) =>
  world.db.member.update({ where: idOf(memberId), data })
// Prisma names the constraint of a statement, but for a COMMIT only the kind of error.
const WITHOUT_OWNER = /members_keep_an_owner|RestrictViolation|would have no Owner/
const owners = () => world.db.member.count({ where: { teamId: team.id, role: "OWNER", removedAt: null } })

test.each([
  ["demoted", () => change(team.owner.memberId, { role: "MEMBER" })],
  ["removed", () => change(team.owner.memberId, { removedAt: new Date() })],
  ["deleted", () => world.db.$executeRaw`DELETE FROM members WHERE id = ${team.owner.memberId}::uuid`],
])("the last Owner can’t be %s", async (_, leave) => {
  // An Enterprise team's members have no pools, which would hold them as well.
  team = await createEnterpriseTeam(world.db)
  await expect(leave()).rejects.toThrow(WITHOUT_OWNER)
  expect(await owners()).toBe(1)
})

const handOver = (tx: Pick<typeof world.db, "member">) => [
  () => tx.member.update({ where: idOf(team.owner.memberId), data: { role: "ADMIN" } }),
  () => tx.member.update({ where: idOf(team.admin.memberId), data: { role: "OWNER" } }),
]

test("an Owner hands over to somebody else", async () => {
  await world.db.$transaction(async (tx) => {
    for (const step of handOver(tx)) await step()
  })
  expect(await owners()).toBe(1)
  await change(team.owner.memberId, { removedAt: new Date() })
})

test("an Owner can’t hand over to somebody who is removed meanwhile", async () => {
  const [removing, watching] = [await connect(world), await connect(world)]
  await removing.query("BEGIN")
  await removing.query("UPDATE members SET removed_at = now() WHERE id = $1", [team.admin.memberId])
  const handedOver = world.db.$transaction(async (tx) => {
    for (const step of handOver(tx)) await step()
  })
  const refused = expect(handedOver).rejects.toThrow(WITHOUT_OWNER)
  await untilWaiting(watching)
  await removing.query("COMMIT")
  await refused
  expect(await owners()).toBe(1)
  for (const client of [removing, watching]) await client.end()
})

test("a team that ended keeps nobody", async () => {
  await world.db.team.update({ where: { id: team.id }, data: { deletedAt: new Date() } })
  await change(team.owner.memberId, { removedAt: new Date() })
  expect(await owners()).toBe(0)
})
