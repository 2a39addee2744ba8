import { beforeAll, expect, test } from "vitest"
import { createTestApiKey } from "@/e2e/testing/api-keys"
import { credit, readEntries, type TestPool, usd } from "@/e2e/testing/ledger"
import { createPayingTeam, SMS_NANOS, testMetering } from "@/e2e/testing/metering"
import { usageOf } from "@/e2e/testing/metering-usage"
import type { TestTeam } from "@/e2e/testing/teams"
import { testDatabase } from "@/e2e/testing/world"
import { DAY_MS } from "@/lib/clock"
import {
  listUsageRecords,
  listUsageTotals,
  type UsageCursor,
  type UsageFilter,
  type UsageRecord,
} from "./queries"
import { reportUsage, type UsageReport } from "./report-usage"

const world = testDatabase()
const meterings = testMetering(world)

const noon = Math.floor(Date.now() / DAY_MS) * DAY_MS + DAY_MS / 2
const daysAgo = (days: number) => new Date(noon - days * DAY_MS)
const dayOf = (date: Date) => date.toISOString().slice(0, 10)
const always = { fromDay: dayOf(daysAgo(40)), toDay: dayOf(daysAgo(0)) }

let team: TestTeam
let ownerPool: TestPool
let memberPool: TestPool
let keyId: string

beforeAll(async () => {
  const made = await createPayingTeam(world, SMS_NANOS / 2n)
  team = made.team
  ownerPool = made.pool
  memberPool = { teamId: team.id, poolId: team.member.poolId }
  keyId = (await createTestApiKey(world.db, team)).id
  await credit(world.db, ownerPool, SMS_NANOS)
  await credit(world.db, ownerPool, usd(50))
  await credit(world.db, memberPool, usd(50))
  const metering = meterings.start()
  const report = (days: number, more: Partial<UsageReport> = {}) =>
    reportUsage(metering, team.id, usageOf({ occurredAt: daysAgo(days), ...more }))
  const byMember = { trigger: "user", user: team.member.email, apiKeyId: null } as const
  // Two messages, which all three grants pay.
  await report(2, { quantity: 2n, metadata: '{"run":"first"}' })
  for (let n = 0; n < 4; n++) {
    await report(2)
    await report(1, { consumable: "llm_tokens", quantity: 60_000n })
    await report(1, { cause: { trigger: "api_key", user: null, apiKeyId: keyId } })
    await report(2, { cause: byMember, quantity: BigInt(n + 1) })
    await report(1, { cause: byMember, consumable: "email", quantity: 30n })
  }
  // Thirty days late.
  await report(30)
  await report(1)
  const other = await createPayingTeam(world, usd(50))
  for (const days of [1, 2, 30])
    await reportUsage(metering, other.team.id, usageOf({ occurredAt: daysAgo(days) }))
})

/** All records, page by page. */
async function readPages(filter: UsageFilter, limit: number, maxLookedAt?: number) {
  const pages: UsageRecord[][] = []
  let after: UsageCursor | null = null
  do {
    const { records, next } = await listUsageRecords(world.db, team.id, filter, {
      after,
      limit,
      ...(maxLookedAt && { maxLookedAt }),
    })
    pages.push(records)
    after = next
  } while (after)
  return pages
}

const readAll = async (filter: Partial<UsageFilter>) =>
  (await readPages({ ...always, ...filter }, 1_000)).flat()

test("records come the newest day first, each once, and only the team’s own", async () => {
  const records = await readAll({})
  expect(records).toHaveLength(23)
  const places = records.map(({ day, poolNo, seq }) => `${day} ${poolNo} ${String(seq).padStart(6, "0")}`)
  expect(places).toEqual([...new Set(places)].toSorted().toReversed())
  for (const { day, occurredAt } of records) expect(day).toBe(dayOf(occurredAt))
})

test.each([1, 2, 5, 22, 23, 24])("pages of %i have no gap and repeat nothing", async (limit) => {
  const pages = await readPages(always, limit)
  expect(pages.flat()).toEqual(await readAll({}))
  expect(pages.every(({ length }) => length <= limit)).toBe(true)
  expect(pages.slice(0, -1).every(({ length }) => length === limit)).toBe(true)
})

test.each([1, 2, 3, 7, 50])("nor do pages that look at %i entries at most", async (maxLookedAt) => {
  const pages = await readPages(always, 4, maxLookedAt)
  expect(pages.flat()).toEqual(await readAll({}))
  expect(pages.every(({ length }) => length <= maxLookedAt)).toBe(true)
  if (maxLookedAt === 1) expect(pages.some(({ length }) => length === 0)).toBe(true)
})

test("a record that several grants paid is one record, with its whole cost", async () => {
  const [first] = (await readAll({ poolId: ownerPool.poolId })).filter(({ metadata }) => metadata !== null)
  expect(first).toMatchObject({
    metadata: { run: "first" },
    quantity: 2n,
    rateNanos: SMS_NANOS,
    costNanos: 2n * SMS_NANOS,
  })
  const pieces = (await readEntries(world.db, ownerPool)).find(({ seq }) => seq === first?.seq)?.pieces
  expect(pieces).toBe(3)
})

test("what the allowance pays is told apart from what credits pay", async () => {
  const records = await readAll({ consumable: "llm_tokens" })
  expect(records.map(({ allowanceQuantity, costNanos }) => [allowanceQuantity, costNanos])).toEqual([
    [0n, 240_000_000n],
    [0n, 240_000_000n],
    [40_000n, 80_000_000n],
    [60_000n, 0n],
  ])
})

test.each<[string, () => Partial<UsageFilter>, number, (record: UsageRecord) => boolean]>([
  ["pool", () => ({ poolId: memberPool.poolId }), 8, ({ poolId }) => poolId === memberPool.poolId],
  ["member", () => ({ memberId: team.member.memberId }), 8, (r) => r.memberId === team.member.memberId],
  ["consumable", () => ({ consumable: "sms" }), 15, ({ consumable }) => consumable === "sms"],
  ["key", () => ({ apiKeyId: keyId }), 4, ({ apiKeyId }) => apiKeyId === keyId],
  [
    "day",
    () => ({ fromDay: dayOf(daysAgo(2)), toDay: dayOf(daysAgo(2)) }),
    9,
    ({ day }) => day === dayOf(daysAgo(2)),
  ],
  [
    "pool, consumable and day",
    () => ({ poolId: ownerPool.poolId, consumable: "sms", fromDay: dayOf(daysAgo(1)) }),
    5,
    (r) => r.poolId === ownerPool.poolId && r.consumable === "sms" && r.day === dayOf(daysAgo(1)),
  ],
])("by %s there are these records and no others, and the totals agree", async (_, filter, count, fits) => {
  const all = await readAll({})
  const found = await readAll(filter())
  expect(found).toHaveLength(count)
  expect(found).toEqual(all.filter(fits))
  expect((await readPages({ ...always, ...filter() }, 3, 2)).flat()).toEqual(found)
  const totals = await listUsageTotals(world.db, team.id, { ...always, ...filter() })
  expect(sum(totals, ({ records }) => records)).toBe(BigInt(count))
  expect(sum(totals, ({ quantity }) => quantity)).toBe(sum(found, ({ quantity }) => quantity))
  expect(sum(totals, (total) => total.includedNanos + total.creditsNanos)).toBe(
    sum(found, ({ costNanos }) => costNanos),
  )
})

test("the totals of each day and consumable are the sums of the entries", async () => {
  const entries = [...(await readEntries(world.db, ownerPool)), ...(await readEntries(world.db, memberPool))]
  const meters = await world.db.meter.findMany({ where: { teamId: team.id } })
  const consumables = new Map(meters.map(({ no, consumable }) => [no, consumable]))
  const totals = await listUsageTotals(world.db, team.id, always)
  expect(totals).toHaveLength(5)
  let counted = 0
  for (const total of totals) {
    const own = entries.filter(
      (entry) =>
        entry.meterNo !== null &&
        consumables.get(entry.meterNo) === total.consumable &&
        dayOf(entry.occurredAt) === total.day,
    )
    counted += own.length
    expect(total).toMatchObject({
      records: BigInt(own.filter(({ usageKey }) => usageKey !== null).length),
      quantity: sum(own, ({ quantity }) => quantity ?? 0n),
      allowanceQuantity: sum(own, ({ allowanceQuantity }) => allowanceQuantity ?? 0n),
      includedNanos: -sum(own, ({ bucket, amountNanos }) => (bucket === "included" ? amountNanos : 0n)),
      creditsNanos: -sum(own, ({ bucket, amountNanos }) => (bucket === "credits" ? amountNanos : 0n)),
    })
  }
  expect(counted).toBe(entries.filter(({ meterNo }) => meterNo !== null).length)
})

test("usage that was reported late is on the day on which it happened, and nothing else is", async () => {
  const day = dayOf(daysAgo(30))
  const late = { fromDay: day, toDay: day }
  expect(await readAll(late)).toMatchObject([{ day, quantity: 1n, costNanos: SMS_NANOS }])
  expect(await listUsageTotals(world.db, team.id, { ...always, ...late })).toMatchObject([
    { day, consumable: "sms", records: 1n, quantity: 1n },
  ])
})

test("another team’s pool, member and key find nothing", async () => {
  const { team: stranger } = await createPayingTeam(world, 0n)
  for (const filter of [
    {},
    { poolId: ownerPool.poolId },
    { memberId: team.member.memberId },
    { apiKeyId: keyId },
  ]) {
    const page = { after: null, limit: 10 }
    const asked = { ...always, ...filter }
    expect(await listUsageRecords(world.db, stranger.id, asked, page)).toEqual({ records: [], next: null })
    expect(await listUsageTotals(world.db, stranger.id, asked)).toEqual([])
  }
})

function sum<Item>(items: Item[], of: (item: Item) => bigint): bigint {
  return items.reduce((total, item) => total + of(item), 0n)
}
