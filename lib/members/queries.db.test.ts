import { beforeEach, describe, expect, test } from "vitest"
import { createEnterpriseTeam } from "@/dev/testing/enterprise"
import { usd } from "@/dev/testing/ledger"
import { readMember } from "@/dev/testing/members"
import { SMS_NANOS, testMetering } from "@/dev/testing/metering"
import { usageOf } from "@/dev/testing/metering-usage"
import { buyCredits, giveCredits } from "@/dev/testing/pools"
import { startTestSession } from "@/dev/testing/sessions"
import { addTestMember, createTestTeam, type TestTeam } from "@/dev/testing/teams"
import { testDatabase } from "@/dev/testing/world"
import { DAY_MS } from "@/lib/clock"
import { reportUsage } from "@/lib/metering/report-usage"
import { listMembers, MEMBERS_PER_PAGE, type MemberPlace } from "./queries"

const world = testDatabase()
const metering = testMetering(world)
let team: TestTeam

beforeEach(async () => {
  team = await createTestTeam(world.db, { plan: "free" })
})

const list = (search = "", place: MemberPlace = null) =>
  listMembers({ db: world.db, now: new Date() }, team.id, { search, place })
const names = async (search: string) => (await list(search)).members.map(({ name }) => name)

test("the Owner comes first, then the Admins, then everybody else, and nobody who has left", async () => {
  const late = await addTestMember(world.db, { teamId: team.id, plan: "free", role: "ADMIN" })
  const gone = await addTestMember(world.db, { teamId: team.id, plan: "free", role: "ADMIN" })
  await world.db.member.updateMany({ where: { id: gone.memberId }, data: { removedAt: new Date() } })
  await createTestTeam(world.db)
  const page = await list()
  const expected = [team.owner, team.admin, late, team.member].map(({ memberId }) => memberId)
  expect(page.members.map(({ id }) => id)).toEqual(expected)
  expect(page).toMatchObject({ before: null, after: null })
})

test("a row says what they spent this month, from whichever pool, what would be moved, and when they were here", async () => {
  await giveCredits(world.db, team, team.member, usd(1))
  await buyCredits(world.db, team, team.member, usd(20))
  await giveCredits(world.db, team, team.owner, usd(20))
  const process = metering.start()
  const by = (trigger: "user" | "schedule", more = {}) =>
    reportUsage(process, team.id, {
      ...usageOf(more),
      quantity: 100n,
      cause: { trigger, user: team.member.email, apiKeyId: null },
    })
  await by("user")
  await by("schedule")
  await startTestSession(world.db, team.member.userId)
  const { members } = await list()
  const nextMonth = await listMembers({ db: world.db, now: new Date(Date.now() + 31 * DAY_MS) }, team.id, {
    search: "",
    place: null,
  })
  expect(nextMonth.members.map(({ spentNanos }) => spentNanos)).toEqual([0n, 0n, 0n])
  const row = members.find(({ id }) => id === team.member.memberId)
  expect(row).toMatchObject({
    spentNanos: 200n * SMS_NANOS,
    limitNanos: null,
    role: "MEMBER",
    email: team.member.email,
  })
  expect(row?.movableNanos).toBe(usd(20) - (100n * SMS_NANOS - usd(1)))
  expect(row?.lastActiveAt?.getTime()).toBeGreaterThan(Date.now() - 60_000)
  expect(members.filter(({ id }) => id !== team.member.memberId)).toMatchObject([
    { spentNanos: 0n, lastActiveAt: null },
    { spentNanos: 0n, lastActiveAt: null },
  ])
})

test("on Enterprise nobody has anything of their own to move", async () => {
  team = await createEnterpriseTeam(world.db)
  await buyCredits(world.db, team, team.owner, usd(20))
  expect((await list()).members.map(({ movableNanos }) => movableNanos)).toEqual([0n, 0n, 0n])
})

describe("a search", () => {
  beforeEach(async () => {
    const called: [keyof Pick<TestTeam, "owner" | "admin" | "member">, string | null][] = [
      ["owner", "Ada Marlow"],
      ["admin", "100%_\\ sure"],
      ["member", null],
    ]
    for (const [who, name] of called)
      await world.db.user.update({ where: { id: team[who].userId }, data: { name } })
  })

  test("finds parts of names and addresses, in any case", async () => {
    expect(await names("mARL")).toEqual(["Ada Marlow"])
    expect(await names(team.member.email.slice(4, 20).toUpperCase())).toEqual([team.member.email])
    expect(await names("@example.com")).toHaveLength(3)
    expect(await names("nobody")).toEqual([])
  })

  test.each(["%", "_", "\\", "100%_\\"])("takes %s for itself and not for any character", async (text) => {
    expect(await names(text)).toEqual(["100%_\\ sure"])
  })

  test("finds nobody of another team", async () => {
    const others = await createTestTeam(world.db)
    expect(await names(others.owner.email)).toEqual([])
  })
})

test("pages lead through everybody and back, also past somebody who leaves meanwhile", async () => {
  for (let count = 0; count < MEMBERS_PER_PAGE * 2; count += 1)
    await addTestMember(world.db, { teamId: team.id, plan: "free", role: "MEMBER" })
  const first = await list()
  const second = await list("", { after: first.after ?? "" })
  await world.db.member.updateMany({ where: { id: second.after ?? "" }, data: { removedAt: new Date() } })
  const third = await list("", { after: second.after ?? "" })
  const ids = [first, second, third].flatMap(({ members }) => members.map(({ id }) => id))
  expect([first, second, third].map(({ members }) => members.length)).toEqual([50, 50, 3])
  expect(new Set(ids).size).toBe(103)
  expect(third.after).toBeNull()
  const back = await list("", { before: third.before ?? "" })
  const start = await list("", { before: back.before ?? "" })
  expect(back.members).toHaveLength(50)
  expect(start.members.length + back.members.length).toBe(99)
  expect(start).toMatchObject({ before: null })
  expect(start.members[0]?.id).toBe(team.owner.memberId)
  expect((await readMember(world, team, { memberId: second.after ?? "" })).removedAt).not.toBeNull()
})
