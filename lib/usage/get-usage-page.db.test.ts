import { beforeAll, expect, test } from "vitest"
import { createTestApiKey } from "@/dev/testing/api-keys"
import { credit, usd } from "@/dev/testing/ledger"
import { testMetering } from "@/dev/testing/metering"
import { usageOf } from "@/dev/testing/metering-usage"
import { createTestTeam, type TestMember, type TestTeam } from "@/dev/testing/teams"
import { testDatabase } from "@/dev/testing/world"
import { DAY_MS } from "@/lib/clock"
import { toPublicId } from "@/lib/ids"
import { reportUsage } from "@/lib/metering/report-usage"
import { getUsagePage } from "./get-usage-page"
import { parseUsageQuery } from "./page-query"

const world = testDatabase()
const meterings = testMetering(world)
const now = new Date()
let team: TestTeam
let other: TestTeam
let key: { id: string }

/** The Member used 3 texts a day for a week, a key 5 in all, and both pools have credits. */
beforeAll(async () => {
  team = await createTestTeam(world.db, { plan: "free" })
  other = await createTestTeam(world.db, { plan: "free" })
  key = await createTestApiKey(world.db, team, { name: "CI" })
  const metering = meterings.start()
  for (const { poolId } of [team.owner, team.member])
    await credit(world.db, { teamId: team.id, poolId }, usd(50))
  for (let days = 0; days < 7; days++)
    await reportUsage(
      metering,
      team.id,
      usageOf({
        quantity: 3n,
        cause: { trigger: "user", user: team.member.memberId, apiKeyId: null },
        occurredAt: new Date(now.getTime() - days * DAY_MS),
        metadata: '{"model":"large"}',
      }),
    )
  await reportUsage(
    metering,
    team.id,
    usageOf({ quantity: 5n, cause: { trigger: "api_key", user: null, apiKeyId: key.id } }),
  )
})

function ask(
  member: TestMember,
  role: "OWNER" | "ADMIN" | "MEMBER",
  address: Partial<Record<string, string>> = {},
) {
  const query = parseUsageQuery(address)
  if (!query) throw new Error("The address makes no sense")
  const { id, slug } = team
  const membership = {
    team: { id, slug, name: "Team", plan: "free" as const, lowBalanceThresholdNanos: 0n },
    member: { id: member.memberId, role },
  }
  return getUsagePage({ db: world.db, now }, membership, query)
}

/** Every amount of money in an answer that isn't zero, wherever it stands. */
function moneyIn(value: unknown, name = ""): bigint[] {
  if (typeof value === "bigint") return name.endsWith("Nanos") && value !== 0n ? [value] : []
  if (value instanceof Map) return [...value.values()].flatMap((each) => moneyIn(each))
  if (value === null || typeof value !== "object" || value instanceof Date) return []
  return Object.entries(value).flatMap(([field, each]) => moneyIn(each, field))
}

test("a Member sees their own usage in units, and no money anywhere", async () => {
  for (const address of [
    {},
    { by: "trigger" },
    { by: "model" },
    { view: "records" },
    { sort: "cost" },
    { pool: toPublicId("pool", team.owner.poolId) },
  ]) {
    const page = await ask(team.member, "MEMBER", address)
    expect(moneyIn(page)).toEqual([])
    expect(page).toMatchObject({ seesCosts: false, choices: { members: [], keys: [] } })
    expect(page?.records?.records.every(({ memberId }) => memberId === team.member.memberId) ?? true).toBe(
      true,
    )
  }
  const page = await ask(team.member, "MEMBER")
  expect(page?.usage?.totals.records).toBe(7n)
  expect(page?.usage?.quantities.get("sms")?.quantity).toBe(21n)
  // Somebody else's pool paid nothing of it.
  const pool = toPublicId("pool", team.owner.poolId)
  expect((await ask(team.member, "MEMBER", { pool }))?.usage?.totals.records).toBe(0n)
})

test("no address widens what a Member sees", async () => {
  for (const address of [
    { member: toPublicId("member", team.owner.memberId) },
    { member: toPublicId("member", team.member.memberId) },
    { member: "none" },
    { key: toPublicId("key", key.id) },
    { key: "none" },
    { by: "member" },
    { by: "api_key" },
    { by: "member", view: "records" },
  ])
    expect(await ask(team.member, "MEMBER", address)).toBeNull()
})

test("with costs shown, a Member sees those of their own usage", async () => {
  await world.db.team.update({ where: { id: team.id }, data: { membersSeeCosts: true } })
  const page = await ask(team.member, "MEMBER")
  expect(page?.usage?.totals).toMatchObject({ records: 7n, costNanos: 21n * 12_000_000n })
  await world.db.team.update({ where: { id: team.id }, data: { membersSeeCosts: false } })
})

test("an Owner and an Admin see everybody's, narrowed as they like", async () => {
  for (const [member, role] of [
    [team.owner, "OWNER"],
    [team.admin, "ADMIN"],
  ] as const) {
    const page = await ask(member, role, { by: "member", sort: "-cost" })
    expect(page?.usage?.groups.map(({ name, totals }) => [name, totals.costNanos / 12_000_000n])).toEqual([
      ["No member", 5n],
      ["MEMBER of the test", 21n],
    ])
    // The days' parts are in the order of the groups.
    const [none, one] = page?.usage?.buckets.at(-1)?.groups ?? []
    expect([none?.records, one?.records]).toEqual([1n, 1n])
    expect(page?.usage?.buckets[0]?.groups.map(({ records }) => records)).toEqual([0n, 1n])
  }
  expect((await ask(team.owner, "OWNER", { member: "none" }))?.usage?.totals.records).toBe(1n)
  const keyId = toPublicId("key", key.id)
  expect((await ask(team.owner, "OWNER", { key: keyId, view: "records" }))?.records?.records).toHaveLength(1)
})

test("members, keys and pools of another team don't exist", async () => {
  for (const address of [
    { member: toPublicId("member", other.owner.memberId) },
    { pool: toPublicId("pool", other.owner.poolId) },
    { key: toPublicId("key", team.owner.memberId) },
  ])
    expect(await ask(team.owner, "OWNER", address)).toBeNull()
  const pool = toPublicId("pool", other.owner.poolId)
  expect(await ask(team.member, "MEMBER", { pool })).toBeNull()
})

test("days that can't be asked for have a sentence, and no figures", async () => {
  for (const [from, to, field, message] of [
    ["2026-11-30", "2026-11-29", "from", "The first day must not be after the last."],
    ["2026-02-29", "2026-03-01", "from", "Give a day from 2000 on, such as 2026-11-30."],
    ["2026-01-01", "2026-04-31", "to", "Give a day from 2000 on, such as 2026-11-30."],
    ["2000-01-01", "9999-12-31", "from", "Choose at most 400 days."],
    ["0000-00-00", "2026-01-01", "from", "Give a day from 2000 on, such as 2026-11-30."],
  ] as const)
    expect(await ask(team.owner, "OWNER", { range: "custom", from, to })).toMatchObject({
      ...{ problem: { field, message }, usage: null, records: null },
    })
  const leap = { range: "custom", from: "2024-02-29", to: "2024-02-29" }
  expect(await ask(team.owner, "OWNER", leap)).toMatchObject({
    problem: null,
    usage: { totals: { records: 0n } },
  })
  expect(await ask(team.owner, "OWNER", { by: "run", model: "large" })).toMatchObject({
    problem: { message: "Choose by run or by model, not by both at once." },
  })
})
