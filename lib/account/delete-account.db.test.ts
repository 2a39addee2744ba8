import { beforeEach, describe, expect, test } from "vitest"
import { usd } from "@/dev/testing/ledger"
import { buyCredits } from "@/dev/testing/pools"
import { startTestSession } from "@/dev/testing/sessions"
import { createTestTeam, type TestMember, type TestTeam } from "@/dev/testing/teams"
import { testDatabase } from "@/dev/testing/world"
import { ConflictError, InvalidInputError } from "@/lib/errors"
import { getPoolOf } from "@/lib/pools/queries"
import { deleteAccount } from "./delete-account"

const world = testDatabase()
const now = new Date()
let team: TestTeam

beforeEach(async () => {
  team = await createTestTeam(world.db)
})

const remove = ({ userId, email }: TestMember, typed = email) =>
  deleteAccount(
    { db: world.db, now, user: { id: userId, name: "Somebody", email }, address: "203.0.113.7" },
    { email: typed },
  )
const exists = async ({ userId }: TestMember) => (await world.db.user.count({ where: { id: userId } })) === 1
const balanceOf = async ({ memberId }: TestMember) =>
  (await getPoolOf(world.db, { id: team.id, lowBalanceThresholdNanos: 0n }, memberId))?.balanceNanos

describe("a deleted account", () => {
  test("leaves its teams, its credits go to the Owner’s pool, and nothing of the person stays", async () => {
    await buyCredits(world.db, team, team.member, usd(25))
    await startTestSession(world.db, team.member.userId)
    await remove(team.member, ` ${team.member.email.toUpperCase()} `)
    expect(await exists(team.member)).toBe(false)
    expect(await world.db.session.count({ where: { userId: team.member.userId } })).toBe(0)
    expect([await balanceOf(team.member), await balanceOf(team.owner)]).toEqual([0n, usd(25)])
    const member = await world.db.member.findFirstOrThrow({ where: { id: team.member.memberId } })
    expect(member.removedAt).toEqual(now)
    expect(await world.db.auditEvent.findMany({ where: { teamId: team.id } })).toMatchObject([
      { kind: "member.left", memberId: team.member.memberId },
    ])
  })

  test("of an Owner is refused with the names of the teams, and leaves every membership", async () => {
    const other = await createTestTeam(world.db)
    await world.db.member.create({ data: { teamId: other.id, userId: team.owner.userId, role: "MEMBER" } })
    await expect(remove(team.owner)).rejects.toThrow(
      new ConflictError(`You own “${team.name}”. Hand over ownership or delete the team first.`),
    )
    expect(await exists(team.owner)).toBe(true)
    expect(await world.db.member.count({ where: { userId: team.owner.userId, removedAt: null } })).toBe(2)
  })

  test("of a person whose team is gone is nobody’s", async () => {
    await world.db.team.update({ where: { id: team.id }, data: { deletedAt: now } })
    await remove(team.owner)
    expect(await exists(team.owner)).toBe(false)
  })

  test("needs the own address", async () => {
    for (const typed of ["", team.owner.email, "me"])
      await expect(remove(team.member, typed)).rejects.toThrow(InvalidInputError)
    expect(await exists(team.member)).toBe(true)
  })
})
