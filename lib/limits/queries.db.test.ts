import { beforeEach, expect, test } from "vitest"
import { createTestApiKey } from "@/dev/testing/api-keys"
import { usd } from "@/dev/testing/ledger"
import { createTestTeam, type TestTeam } from "@/dev/testing/teams"
import { testDatabase } from "@/dev/testing/world"
import { getOwnLimit, listLimits } from "./queries"

const world = testDatabase()
const now = new Date("2026-11-30T12:00:00Z")
let team: TestTeam

beforeEach(async () => {
  team = await createTestTeam(world.db)
})

const limit = (more: { memberId?: string; apiKeyId?: string; month?: string; teamId?: string }) =>
  world.db.spendLimit.create({
    data: {
      teamId: more.teamId ?? team.id,
      kind: more.memberId ? "member" : more.apiKeyId ? "api_key" : "owner",
      memberId: more.memberId ?? null,
      apiKeyId: more.apiKeyId ?? null,
      amountNanos: usd(50),
      spentNanos: usd(40),
      isHard: true,
      month: new Date(more.month ?? "2026-11-01"),
    },
  })

test("a Member’s own limit says what was used, and nothing of an earlier month", async () => {
  const own = () => getOwnLimit({ db: world.db, now }, team.id, team.member.memberId)
  await limit({ memberId: team.admin.memberId })
  expect(await own()).toBeNull()
  const { id } = await limit({ memberId: team.member.memberId })
  expect(await own()).toEqual({ amountNanos: usd(50), usedNanos: usd(40), isHard: true })
  await world.db.spendLimit.update({
    where: { teamId_id: { teamId: team.id, id } },
    data: { month: new Date("2026-10-01") },
  })
  expect(await own()).toMatchObject({ usedNanos: 0n })
})

test("the page lists members by name, working keys and the protection, and none of another team", async () => {
  const other = await createTestTeam(world.db)
  await limit({ teamId: other.id, memberId: other.member.memberId })
  const [limited, free] = [await createTestApiKey(world.db, team), await createTestApiKey(world.db, team)]
  const revoked = await createTestApiKey(world.db, team)
  for (const apiKeyId of [limited.id, revoked.id]) await limit({ apiKeyId })
  await world.db.apiKey.update({
    where: { teamId_id: { teamId: team.id, id: revoked.id } },
    data: { revokedAt: now },
  })
  for (const { memberId } of [team.owner, team.member, team.admin]) await limit({ memberId })
  await world.db.member.update({
    where: { teamId_id: { teamId: team.id, id: team.admin.memberId } },
    data: { removedAt: now },
  })
  await limit({})
  await world.db.team.update({ where: { id: team.id }, data: { ownerReserveNanos: usd(5) } })
  const listed = await listLimits({ db: world.db, now }, team.id)
  expect(listed.members.map(({ subjectId }) => subjectId)).toEqual([
    team.member.memberId,
    team.owner.memberId,
  ])
  expect(listed.keys).toMatchObject([{ subjectId: limited.id, role: null, spentNanos: usd(40) }])
  expect(listed.freeKeys.map(({ id }) => id)).toEqual([free.id])
  expect(listed).toMatchObject({
    owner: { amountNanos: usd(50) },
    reserveNanos: usd(5),
    hasMore: false,
  })
})
