import { beforeEach, describe, expect, test } from "vitest"
import { createTestApiKey } from "@/dev/testing/api-keys"
import { createEnterpriseTeam } from "@/dev/testing/enterprise"
import { nanoMeter, readEntries, usd } from "@/dev/testing/ledger"
import { listDeeds, memberCtx, readMember } from "@/dev/testing/members"
import { balanceOf, buyCredits, giveCredits } from "@/dev/testing/pools"
import { testSql } from "@/dev/testing/sql"
import { createTestTeam, type TestMember, type TestTeam } from "@/dev/testing/teams"
import { testDatabase } from "@/dev/testing/world"
import { ConflictError, ForbiddenError, NotFoundError } from "@/lib/errors"
import { leaveTeam } from "./leave-team"
import { sweepLeftCredits } from "./move-left-credits"
import { removeMember } from "./remove-member"

const world = testDatabase()
const sql = testSql(world)
let team: TestTeam

beforeEach(async () => {
  team = await createTestTeam(world.db)
})

const remove = (
  member: TestMember,
  { by = team.owner, credits = "move" }: { by?: TestMember; credits?: "move" | "keep" } = {},
) => removeMember(memberCtx(world, team, by), { memberId: member.memberId, credits })
const leave = (member: TestMember) => leaveTeam(memberCtx(world, team, member))
const sweep = () => sweepLeftCredits({ db: world.db, now: new Date() })
const balances = async () => [
  await balanceOf(world.db, team, team.member),
  await balanceOf(world.db, team, team.owner),
]

test.each(["owner", "admin"] as const)(
  "removed by the %s, a member is out and the bought credits are the Owner’s, by one linked transfer",
  async (by) => {
    await buyCredits(world.db, team, team.member, usd(38.4))
    await giveCredits(world.db, team, team.member, usd(5))
    expect(await remove(team.member, { by: team[by] })).toEqual({ movedNanos: usd(38.4) })
    expect((await readMember(world, team, team.member)).removedAt).not.toBeNull()
    // A gift stays, because nobody bought it.
    expect(await balances()).toEqual([usd(5), usd(38.4)])
    const [out] = (await readEntries(world.db, { teamId: team.id, poolId: team.member.poolId })).slice(-1)
    const [into] = (await readEntries(world.db, { teamId: team.id, poolId: team.owner.poolId })).slice(-1)
    expect(out).toMatchObject({ kind: "transfer", amountNanos: -usd(38.4) })
    expect(into).toMatchObject({ kind: "transfer", amountNanos: usd(38.4), causeId: out?.causeId })
    expect((await listDeeds(world, team)).at(-1)).toEqual({
      kind: "member.removed",
      by: team[by].memberId,
      subject: "MEMBER of the test",
      before: { role: "MEMBER" },
      after: { credits: "moved", moved: "38.40" },
    })
  },
)

test("the Owner may leave the credits where they are, and then nothing moves them", async () => {
  await buyCredits(world.db, team, team.member, usd(20))
  await remove(team.member, { credits: "keep" })
  await sweep()
  expect(await balances()).toEqual([usd(20), 0n])
  expect((await listDeeds(world, team)).at(-1)).toMatchObject({ after: { credits: "kept", moved: "0.00" } })
})

test("an Admin may not, and then nobody is removed", async () => {
  await expect(remove(team.member, { by: team.admin, credits: "keep" })).rejects.toThrow(ForbiddenError)
  expect((await readMember(world, team, team.member)).removedAt).toBeNull()
})

test("what a hold set aside stays until it settles, and then a job moves what it gives back", async () => {
  await buyCredits(world.db, team, team.member, usd(20))
  const { no } = await nanoMeter(world.db, team.id, "llm_tokens")
  const [hold] = await sql.query(
    "SELECT ledger_open_hold($1, uuidv7(), $2, $3, 1, $4, 'hold', 'print', now(), now() + interval '1 hour')",
    [team.id, team.member.poolId, no, String(usd(8))],
  )
  expect(hold).toBeDefined()
  expect(await remove(team.member)).toEqual({ movedNanos: usd(12) })
  expect(await sweep()).toBe(0)
  expect(await balances()).toEqual([usd(8), usd(12)])
  await releaseHolds()
  expect(await sweep()).toBe(1)
  expect(await balances()).toEqual([0n, usd(20)])
  expect(await sweep()).toBe(0)
})

test("a payment that arrives late is moved as well", async () => {
  await remove(team.member)
  await buyCredits(world.db, team, team.member, usd(25))
  expect(await sweep()).toBe(1)
  expect(await balances()).toEqual([0n, usd(25)])
})

test("swept by several at once, credits move once", async () => {
  await remove(team.member)
  await buyCredits(world.db, team, team.member, usd(25))
  await Promise.all([sweep(), sweep(), sweep(), sweep()])
  expect(await balances()).toEqual([0n, usd(25)])
})

test("on Enterprise nothing is moved, because the pool is the team’s", async () => {
  team = await createEnterpriseTeam(world.db)
  await buyCredits(world.db, team, team.owner, usd(30))
  expect(await remove(team.member)).toEqual({ movedNanos: 0n })
  expect(await balanceOf(world.db, team, team.owner)).toBe(usd(30))
})

test("API keys they made stay the team’s", async () => {
  const key = await createTestApiKey(world.db, team, { by: team.admin })
  await remove(team.admin)
  expect(
    await world.db.apiKey.findUnique({ where: { teamId_id: { teamId: team.id, id: key.id } } }),
  ).toMatchObject({ revokedAt: null, createdByMemberId: team.admin.memberId })
})

test("their pool is topped up no more, and it is recorded who turned it off", async () => {
  const poolId = team.member.poolId
  const settings = { enabled: true, thresholdNanos: usd(10), amountNanos: usd(50), version: 1 }
  await world.db.$transaction([
    world.db.autoTopUpSettings.create({
      data: {
        teamId: team.id,
        poolId,
        ...settings,
        allowedByMemberId: team.owner.memberId,
        updatedAt: new Date(),
      },
    }),
    world.db.autoTopUpChange.create({
      data: {
        teamId: team.id,
        poolId,
        version: 1,
        memberId: team.owner.memberId,
        after: {},
        changedAt: new Date(),
      },
    }),
  ])
  await remove(team.member, { by: team.admin })
  expect(
    await world.db.autoTopUpSettings.findUniqueOrThrow({
      where: { teamId_poolId: { teamId: team.id, poolId } },
    }),
  ).toMatchObject({ enabled: false, version: 2, thresholdNanos: usd(10) })
  expect(
    await world.db.autoTopUpChange.findFirstOrThrow({ where: { teamId: team.id, poolId, version: 2 } }),
  ).toMatchObject({ memberId: team.admin.memberId, after: { enabled: false } })
  expect((await listDeeds(world, team)).map(({ kind, by }) => [kind, by])).toEqual([
    ["auto_top_up.changed", team.admin.memberId],
    ["member.removed", team.admin.memberId],
  ])
})

describe("leaving", () => {
  test("ends one’s own membership, moves the bought credits, and is recorded", async () => {
    await buyCredits(world.db, team, team.member, usd(10))
    expect(await leave(team.member)).toEqual({ movedNanos: usd(10) })
    expect(await balances()).toEqual([0n, usd(10)])
    expect((await listDeeds(world, team)).at(-1)).toMatchObject({
      kind: "member.left",
      by: team.member.memberId,
    })
    await expect(leave(team.member)).rejects.toThrow(NotFoundError)
  })

  test("is not for the Owner", async () => {
    await expect(leave(team.owner)).rejects.toThrow(ConflictError)
    expect((await readMember(world, team, team.owner)).removedAt).toBeNull()
  })
})

describe("nobody is removed", () => {
  test("by a Member, by who was removed, or by another team’s Owner", async () => {
    const others = await createTestTeam(world.db)
    await remove(team.admin)
    for (const by of [team.member, team.admin, others.owner])
      await expect(remove(team.member, { by })).rejects.toThrow(ForbiddenError)
  })

  test("if it is the Owner, another team’s member, or somebody who has left", async () => {
    const others = await createTestTeam(world.db)
    await leave(team.member)
    await expect(remove(team.owner, { by: team.admin })).rejects.toThrow(ForbiddenError)
    for (const member of [others.member, team.member])
      await expect(remove(member)).rejects.toThrow(NotFoundError)
  })
})

test("of ten removals at once one is done, and the credits move once", async () => {
  await buyCredits(world.db, team, team.member, usd(10))
  const all = await Promise.allSettled(
    Array.from({ length: 10 }, (_, index) =>
      remove(team.member, { by: index % 2 ? team.admin : team.owner }),
    ),
  )
  expect(all.filter(({ status }) => status === "fulfilled")).toHaveLength(1)
  expect(await balances()).toEqual([0n, usd(10)])
  expect((await listDeeds(world, team)).filter(({ kind }) => kind === "member.removed")).toHaveLength(1)
})

async function releaseHolds() {
  await sql.query("SELECT ledger_expire($1, $2, now() + interval '2 hours')", [team.id, team.member.poolId])
}
