import { randomUUID } from "node:crypto"
import { beforeEach, expect, test } from "vitest"
import { createEnterpriseTeam } from "@/dev/testing/enterprise"
import { usd } from "@/dev/testing/ledger"
import { listDeeds, memberCtx } from "@/dev/testing/members"
import { balanceOf, buyCredits } from "@/dev/testing/pools"
import { createTestTeam, type TestTeam } from "@/dev/testing/teams"
import { testDatabase } from "@/dev/testing/world"
import { ConflictError, ForbiddenError, InvalidInputError, NotFoundError } from "@/lib/errors"
import { removeMember } from "@/lib/members/remove-member"
import { moveCredits } from "./move-credits"
import type { MoveInput } from "./schema"

const world = testDatabase()
let team: TestTeam

beforeEach(async () => {
  team = await createTestTeam(world.db)
  await buyCredits(world.db, team, team.owner, usd(50))
})

const move = (changes: Partial<MoveInput> = {}, by = team.owner) =>
  moveCredits(memberCtx(world, team, by), {
    fromPoolId: team.owner.poolId,
    to: { kind: "pool", poolId: team.member.poolId },
    amountNanos: usd(20),
    requestKey: randomUUID(),
    ...changes,
  })
const pool = (poolId: string) => ({ kind: "pool" as const, poolId })
const balances = async () =>
  Promise.all([team.owner, team.admin, team.member].map((member) => balanceOf(world.db, team, member)))
const unmoved = async () => expect(await world.db.transfer.count({ where: { teamId: team.id } })).toBe(0)

test("the Owner moves bought credits between any two pools, and it is in the audit log", async () => {
  await move()
  await move({ fromPoolId: team.member.poolId, to: pool(team.admin.poolId), amountNanos: usd(5) })
  expect(await balances()).toEqual([usd(30), usd(5), usd(15)])
  expect(await listDeeds(world, team)).toMatchObject([
    {
      kind: "credits.moved",
      by: team.owner.memberId,
      subject: "MEMBER of the test’s pool",
      after: { amount: "20.00", from: "OWNER of the test’s pool" },
    },
    { kind: "credits.moved", subject: "ADMIN of the test’s pool" },
  ])
})

test("nobody else moves them", async () => {
  const others = await createTestTeam(world.db)
  for (const by of [team.admin, team.member, others.owner])
    await expect(move({}, by)).rejects.toThrow(ForbiddenError)
  await unmoved()
})

test("one intention moves them once, however often it arrives", async () => {
  const requestKey = randomUUID()
  await Promise.all(Array.from({ length: 5 }, () => move({ requestKey, amountNanos: usd(40) })))
  expect(await balances()).toEqual([usd(10), 0n, usd(40)])
  expect(await listDeeds(world, team)).toHaveLength(1)
  await expect(move({ requestKey })).rejects.toThrow(ConflictError)
})

test("more than there is says how much can be moved", async () => {
  await expect(move({ amountNanos: usd(51) })).rejects.toMatchObject({
    field: "amount",
    title: "Only $50.00 of bought credits can be moved.",
  })
  await unmoved()
})

test("a pool of another team, or one that nobody draws from, is no place for credits", async () => {
  const others = await createTestTeam(world.db)
  await expect(move({ to: pool(others.owner.poolId) })).rejects.toThrow(NotFoundError)
  await expect(move({ fromPoolId: others.owner.poolId })).rejects.toThrow(NotFoundError)
  await expect(move({ to: pool(team.owner.poolId) })).rejects.toThrow(InvalidInputError)
  const { memberId } = team.member
  await removeMember(memberCtx(world, team, team.owner), { memberId, credits: "move" })
  await expect(move()).rejects.toThrow("Nobody draws from this pool.")
  await unmoved()
})

test("a member is named by address where there are too many to choose from", async () => {
  await move({ to: { kind: "email", email: team.member.email } })
  expect(await balances()).toEqual([usd(30), 0n, usd(20)])
  const others = await createTestTeam(world.db)
  for (const email of [others.owner.email, "nobody"])
    await expect(move({ to: { kind: "email", email } })).rejects.toMatchObject({ field: "to" })
})

test("what a removed member kept is moved later", async () => {
  await move()
  const { memberId, poolId } = team.member
  await removeMember(memberCtx(world, team, team.owner), { memberId, credits: "keep" })
  await move({ fromPoolId: poolId, to: pool(team.admin.poolId) })
  expect(await balances()).toEqual([usd(30), usd(20), 0n])
})

test("on Enterprise everything goes to the pool that all share", async () => {
  const shared = await createEnterpriseTeam(world.db)
  const kept = await world.db.pool.create({
    data: { teamId: shared.id, memberId: shared.member.memberId },
  })
  const left = { ...shared.member, poolId: kept.id }
  await buyCredits(world.db, shared, left, usd(20))
  team = shared
  await move({ fromPoolId: left.poolId, to: pool(shared.owner.poolId) })
  expect(await balanceOf(world.db, shared, shared.owner)).toBe(usd(20))
  await expect(move({ fromPoolId: shared.owner.poolId, to: pool(left.poolId) })).rejects.toThrow(
    "Nobody draws from this pool.",
  )
})
