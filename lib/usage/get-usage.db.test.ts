import { beforeAll, describe, expect, test } from "vitest"
import { createTestApiKey } from "@/dev/testing/api-keys"
import { credit, usd } from "@/dev/testing/ledger"
import { SMS_NANOS, testMetering } from "@/dev/testing/metering"
import { usageOf } from "@/dev/testing/metering-usage"
import { connect, testSql, untilWaiting } from "@/dev/testing/sql"
import { createTestTeam, type TestTeam } from "@/dev/testing/teams"
import { testDatabase } from "@/dev/testing/world"
import { completeTask } from "@/lib/agent/finish-task"
import { reportTaskUsage } from "@/lib/agent/report-task-usage"
import { startTask } from "@/lib/agent/start-task"
import { DAY_MS } from "@/lib/clock"
import { toPublicId } from "@/lib/ids"
import { findLedgerFaults } from "@/lib/ledger/find-faults"
import type { Metering } from "@/lib/metering/metering"
import { reportUsage, type UsageReport } from "@/lib/metering/report-usage"
import { reverseUsage } from "@/lib/metering/reverse-usage"
import { countUsageParts } from "./count-parts"
import type { UsageFilter, UsageGroup } from "./filter"
import { getUsage, listTopSpenders, type Usage } from "./get-usage"
import { listUsageRecords, type RecordPlace, type UsageRecord } from "./list-records"
import { readDayRange } from "./range"

const world = testDatabase()
const sql = testSql(world)
const meterings = testMetering(world)
const now = new Date()
const range = readDayRange({}, now)
const daysAgo = (days: number) => new Date(now.getTime() - days * DAY_MS)
const dayOf = (at: Date) => at.toISOString().slice(0, 10)

let team: TestTeam
let metering: Metering
let key: { id: string; publicId: string }
let run: string

const spend = (more: Partial<UsageReport>) => reportUsage(metering, team.id, usageOf(more))
/** Takes a part of the wrong record back, which had been reported as 12 instead of 7. */
const reverse = (quantity: bigint) =>
  reverseUsage(
    metering,
    team.id,
    {
      ...{
        requestKey: crypto.randomUUID(),
        record: { key: "wrong" },
        reason: "Metered twice",
        apiKeyId: null,
      },
      readQuantity: () => quantity,
      authorise: () => undefined,
    },
    now,
  )
const by = (user: string | null) =>
  ({ trigger: user ? "user" : "api_key", user, apiKeyId: user ? null : key.id }) as const

/** A month of a team: texts of the Owner, of a Member, by a key and by a run, some with a model, over several days. */
beforeAll(async () => {
  team = await createTestTeam(world.db, { plan: "free" })
  metering = meterings.start()
  key = await createTestApiKey(world.db, team, { name: "CI" })
  const owner = { teamId: team.id, poolId: team.owner.poolId }
  await credit(world.db, owner, usd(0.05))
  await credit(world.db, owner, usd(50))
  await credit(world.db, owner, usd(0.02), {
    source: "included",
    expiresAt: new Date(now.getTime() + DAY_MS),
  })
  await credit(world.db, { teamId: team.id, poolId: team.member.poolId }, usd(50))
  // Drawn from included credits and two grants: three entries for one record.
  await spend({ key: "wrong", quantity: 12n, cause: by(null), metadata: '{"model":"large","run":"r-1"}' })
  await reverse(3n)
  await spend({ quantity: 2n, cause: by(null), metadata: '{"model":"small"}', occurredAt: daysAgo(3) })
  await spend({ quantity: 3n, cause: by(team.member.memberId), metadata: '{"model":"large"}' })
  await spend({ quantity: 5n, cause: by(team.member.memberId), occurredAt: daysAgo(3) })
  // The allowance covers this.
  await spend({ consumable: "api_calls", quantity: 10n, cause: by(null) })
  await spend({ quantity: 11n, cause: by(null), occurredAt: daysAgo(33) })
  const authorise = () => undefined
  const { task } = await startTask(
    metering,
    team.id,
    {
      ...{ key: "a run", title: "Nightly index", cause: by(null), authorise, toDocument: () => ({}) },
      estimate: { consumable: "sms", quantity: 4n },
    } as Parameters<typeof startTask>[2],
    now,
  )
  run = toPublicId("run", task.id)
  const used = { consumable: "sms", quantity: 1n, occurredAt: null, apiKeyId: key.id, authorise } as const
  await reportTaskUsage(
    metering,
    team.id,
    { ...used, taskId: task.id, key: "step", metadata: '{"model":"large"}' },
    now,
  )
  const complete = { taskId: task.id, authorise, outcome: "SUCCEEDED", readQuantity: () => 3n } as const
  await completeTask(metering, team.id, complete, now)
  // Half of the correction comes after the first entries were counted.
  await sql.query("SELECT usage_count_parts($1, $2, 8)", [team.id, team.owner.poolId])
  await reverse(2n)
})

const ask = (groupBy: UsageGroup | null, filter: UsageFilter = {}, more = {}) =>
  getUsage(world.db, team.id, { range, groupBy, interval: "day", filter, compares: true, ...more })
const sms = (count: number) => BigInt(count) * SMS_NANOS
const costs = ({ groups }: Usage) =>
  Object.fromEntries(groups.map(({ name, totals }) => [name, totals.costNanos / SMS_NANOS]))

const GROUPS: [UsageGroup, Record<string, bigint>][] = [
  ["consumable", { SMS: 21n, "API calls": 0n }],
  ["member", { "No member": 13n, "MEMBER of the test": 8n }],
  ["api_key", { CI: 13n, "No API key": 8n }],
  ["trigger", { "An API key": 13n, "A person": 8n }],
  ["model", { large: 11n, "No model": 8n, small: 2n }],
  ["run", { "No run": 10n, "r-1": 7n, "Nightly index": 4n }],
]

describe.each([
  [
    "while the job has counted some",
    () => sql.query("SELECT usage_count_parts($1, $2, 5)", [team.id, team.owner.poolId]),
  ],
  [
    "when it has counted all, twice at once",
    () => Promise.all([1, 2].map(() => countUsageParts({ db: world.db, atOnce: 2 }))),
  ],
])("%s", (_, prepare) => {
  beforeAll(async () => {
    await prepare()
  })

  test.each(GROUPS)("usage by %s adds up to all of it, in groups and in days", async (group, expected) => {
    const usage = await ask(group)
    expect(costs(usage)).toEqual(expected)
    expect(usage.totals).toEqual({
      records: 7n,
      costNanos: sms(21),
      includedNanos: usd(0.02),
      creditsNanos: sms(21) - usd(0.02),
    })
    expect(usage.totalsBefore).toMatchObject({ records: 1n, costNanos: sms(11) })
    expect(usage.quantities.get("sms")).toEqual({ quantity: 21n, allowanceQuantity: 0n })
    expect(usage.quantities.get("api_calls")).toEqual({ quantity: 10n, allowanceQuantity: 10n })
    expect(usage.buckets.map(({ from, totals }) => [from, totals.costNanos])).toEqual([
      [dayOf(daysAgo(3)), sms(7)],
      [dayOf(now), sms(14)],
    ])
    for (const { totals, groups, others } of usage.buckets)
      expect(groups.concat(others).reduce((sum, { costNanos }) => sum + costNanos, 0n)).toBe(totals.costNanos)
    expect(usage.isBehind).toBe(false)
  })

  test("the nightly check finds a total by run or model that its records don't have", async () => {
    const pool = [world.db, team.id, team.owner.poolId] as const
    expect(await findLedgerFaults(...pool)).toEqual([])
    for (const [damage, undo] of [
      ["credits_nanos = credits_nanos + 1", "credits_nanos = credits_nanos - 1"],
      ["name = 'run'", "name = 'model'"],
      ["day = day - 1", "day = day + 1"],
    ]) {
      const change = (what = "") =>
        sql.damage(`UPDATE usage_parts SET ${what} WHERE team_id = $1 AND value = 'small'`, [team.id])
      await change(damage)
      expect(await findLedgerFaults(...pool)).toEqual([
        "a total by run or model differs from the usage records that name it",
      ])
      await change(undo)
    }
    expect(await findLedgerFaults(...pool)).toEqual([])
  })

  test("a group may be narrowed, and its bar opened", async () => {
    const model = await ask("member", { model: "large" })
    expect(costs(model)).toEqual({ "No member": 8n, "MEMBER of the test": 3n })
    expect(model.totals.includedNanos).toBe(usd(0.02))
    const { records } = await listUsageRecords(world.db, team.id, {
      ...{ range, filter: { model: "large" }, place: null, limit: 50 },
    })
    const costOf = (each: { includedNanos: bigint; creditsNanos: bigint } | null) =>
      each ? each.includedNanos + each.creditsNanos : 0n
    expect(records.map((each) => [costOf(each), costOf(each.reversed), each.reversed?.quantity])).toEqual([
      [sms(1), 0n, undefined],
      [sms(12), sms(5), 5n],
      [sms(3), 0n, undefined],
    ])
    expect(records.map(({ metadata }) => metadata?.run)).toEqual([run, "r-1", undefined])
  })
})

test("beyond the chosen number the smallest groups are one", async () => {
  const usage = await ask("member", {}, { most: 1 })
  expect(costs(usage)).toEqual({ "No member": 13n })
  expect(usage.totalsBefore.costNanos).toBe(sms(11))
  expect(usage.others?.totals.costNanos).toBe(sms(8))
  expect(usage.buckets.map(({ others }) => others.costNanos)).toEqual([sms(5), sms(3)])
  const spenders = await listTopSpenders(world.db, team.id, { range, filter: {} })
  expect(spenders.map(({ name }) => name)).toEqual(["No member", "MEMBER of the test"])
})

test("weeks and months begin before the range, and count only days of it", async () => {
  const [day] = [dayOf(daysAgo(3))]
  const narrow = { from: day, to: day }
  for (const interval of ["week", "month"] as const) {
    const usage = await getUsage(world.db, team.id, {
      range: narrow,
      groupBy: null,
      interval,
      filter: {},
      compares: false,
    })
    expect(usage.buckets).toHaveLength(1)
    expect(usage.buckets[0]?.from.localeCompare(day)).toBeLessThanOrEqual(0)
    expect([usage.buckets[0]?.totals, usage.groups, usage.others]).toEqual([usage.totals, [], null])
    expect(usage.totals.costNanos).toBe(sms(7))
  }
})

test("by run and by model at once is refused, and another team sees nothing", async () => {
  await expect(ask("run", { model: "large" })).rejects.toThrow("not by both at once")
  const other = await createTestTeam(world.db)
  const question = { range, groupBy: "model", interval: "day", filter: {}, compares: true } as const
  expect((await getUsage(world.db, other.id, question)).totals.records).toBe(0n)
  const filter = { poolId: team.owner.poolId, memberId: team.member.memberId }
  expect((await getUsage(world.db, other.id, { ...question, filter })).buckets).toEqual([])
})

test("someone whose account is gone is a former member", async () => {
  const gone = await createTestTeam(world.db, { plan: "free" })
  await credit(world.db, { teamId: gone.id, poolId: gone.member.poolId }, usd(1))
  await reportUsage(
    meterings.start(),
    gone.id,
    usageOf({ cause: { trigger: "user", user: gone.member.memberId, apiKeyId: null } }),
  )
  await sql.damage("DELETE FROM users WHERE id = $1", [gone.member.userId])
  const usage = await getUsage(world.db, gone.id, {
    range,
    groupBy: "member",
    interval: "day",
    filter: {},
    compares: true,
  })
  expect(costs(usage)).toEqual({ "Former member": 1n })
})

test("usage is counted once, however many count at the same time", async () => {
  const other = await createTestTeam(world.db, { plan: "free" })
  await credit(world.db, { teamId: other.id, poolId: other.owner.poolId }, usd(1))
  const busy = meterings.start()
  const report = () => reportUsage(busy, other.id, usageOf({ metadata: '{"model":"large"}' }))
  await report()
  await countUsageParts({ db: world.db })
  await report()
  const onlooker = await connect(world)
  let second: Promise<unknown> | undefined
  await sql.inTransaction(async (query) => {
    await query("SELECT FROM usage_parts_counted WHERE team_id = $1 FOR NO KEY UPDATE", [other.id])
    second = countUsageParts({ db: world.db })
    await untilWaiting(onlooker)
    await query("SELECT usage_count_parts($1, $2, 10)", [other.id, other.owner.poolId])
  })
  await second
  await onlooker.end()
  const counted = await world.db.usagePart.findMany({
    where: { teamId: other.id },
    select: { records: true },
  })
  expect(counted).toEqual([{ records: 2n }])
})

test("a client that names each record differently fills no table, and loses no usage", async () => {
  const other = await createTestTeam(world.db, { plan: "free" })
  await credit(world.db, { teamId: other.id, poolId: other.owner.poolId }, usd(1))
  const busy = meterings.start()
  const report = (models: string[]) =>
    Promise.all(
      models.map((model) => reportUsage(busy, other.id, usageOf({ metadata: `{"model":"${model}"}` }))),
    )
  const count = () => sql.query("SELECT usage_count_parts($1, $2, 10, 2)", [other.id, other.owner.poolId])
  await report(["a", "b", "c", "d"])
  await count()
  await report(["a", "e"])
  await count()
  const question = { range, groupBy: "model", interval: "day", filter: {}, compares: false } as const
  const usage = await getUsage(world.db, other.id, question)
  expect(usage.groups.map(({ name, totals }) => [name, totals.records])).toEqual([
    ["Other", 3n],
    ["a", 2n],
    ["b", 1n],
  ])
})

describe("records", () => {
  async function readAll(limit: number, filter: UsageFilter = {}, wide = range): Promise<UsageRecord[]> {
    const seen: UsageRecord[] = []
    let place: RecordPlace | null = null
    do {
      const page = await listUsageRecords(world.db, team.id, { range: wide, filter, place, limit })
      seen.push(...page.records)
      place = page.next
    } while (place)
    return seen
  }

  test("come each once on pages of any size, newest day first, and add up to the totals", async () => {
    const all = await readAll(50)
    expect(all).toHaveLength(7)
    for (const limit of [1, 2, 3]) expect(await readAll(limit)).toEqual(all)
    expect(all.map(({ day }) => day)).toEqual([...all.map(({ day }) => day)].sort().reverse())
    expect(all.reduce((sum, { includedNanos }) => sum + includedNanos, 0n)).toBe(usd(0.02))
    expect(await readAll(2, { memberId: team.member.memberId })).toEqual(
      all.filter(({ memberId }) => memberId === team.member.memberId),
    )
    expect(await readAll(1, { apiKeyId: null, poolId: team.member.poolId })).toHaveLength(2)
    expect(await readAll(1, { apiKeyId: key.id, consumable: "api_calls" })).toMatchObject([
      { quantity: 10n, allowanceQuantity: 10n, creditsNanos: 0n },
    ])
  })
})
