import { beforeAll, expect, test } from "vitest"
import { fillLedger } from "@/dev/bench/pages/fill-ledger"
import { testSql } from "@/dev/testing/sql"
import { createTestTeam, type TestTeam } from "@/dev/testing/teams"
import { testDatabase } from "@/dev/testing/world"
import type { Db } from "@/lib/db/client"
import { listTransactionsBefore, type TransactionFilter } from "@/lib/ledger/search-transactions"
import { countUsageParts } from "./count-parts"
import { USAGE_GROUPS, type UsageFilter } from "./filter"
import { findTransactions } from "./find-transactions"
import { getUsage } from "./get-usage"
import { listUsageRecords, type RecordPlace } from "./list-records"
import { readDayRange } from "./range"

const world = testDatabase()
const sql = testSql(world)
const RECORDS = 20_000
const DAYS = 40
const now = new Date()
const range = readDayRange({}, now)
let team: TestTeam
let pool: { teamId: string; id: string; no: number }

/** A pool with 500 records a day: of a Member's texts, and a tenth of that of voice. */
beforeAll(async () => {
  team = await createTestTeam(world.db, { plan: "free" })
  pool = { teamId: team.id, id: team.owner.poolId, no: 1 }
  const meter = {
    teamId: team.id,
    decimals: 0,
    rateNanos: 1n,
    trigger: "user",
    memberId: team.member.memberId,
  }
  await world.db.meter.createMany({
    data: Array.from({ length: 10 }, (_, n) => ({
      ...{ ...meter, rateNanos: BigInt(n + 1) },
      ...{ no: n + 1, consumable: n === 0 ? "voice" : "sms" },
    })),
  })
  const meterNos = Array.from({ length: 10 }, (_, n) => n + 1)
  const filled = { teamId: team.id, poolId: pool.id, meterNos, namedMeterNos: [1], days: DAYS }
  await fillLedger(world.databaseUrl, filled, RECORDS)
  await countUsageParts({ db: world.db })
  await sql.query("VACUUM ANALYZE entries, usage_days, usage_parts, meters")
}, 60_000)

/** Counts the entries that a query reads, by PostgreSQL’s own books of this connection. */
function entriesRead(query: (db: Db) => Promise<unknown>): Promise<number> {
  return world.db.$transaction(async (tx) => {
    const soFar = async () => {
      const [row] = await tx.$queryRaw<{ read: number }[]>`
        SELECT (coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0))::int AS read
        FROM pg_stat_xact_user_tables WHERE relname = 'entries'`
      return row?.read ?? 0
    }
    const before = await soFar()
    await query(tx as unknown as Db)
    return (await soFar()) - before
  })
}

test.each(USAGE_GROUPS)("usage by %s reads no entry", async (groupBy) => {
  const question = { range, groupBy, interval: "day", filter: {}, compares: true } as const
  expect(await entriesRead((db) => getUsage(db, team.id, question))).toBe(0)
  expect((await getUsage(world.db, team.id, question)).totals.records).toBeGreaterThan(10_000n)
})

test("a page of records reads about as many entries as it shows, at either end", async () => {
  const deep = { day: range.from, poolNo: 1, seq: 10n ** 12n }
  const read = (filter: UsageFilter, place: RecordPlace | null) =>
    entriesRead((db) => listUsageRecords(db, team.id, { range, filter, place, limit: 50 }))
  for (const place of [null, deep]) {
    expect(await read({}, place)).toBeLessThan(300)
    // Every tenth of a day's fits.
    expect(await read({ consumable: "voice" }, place)).toBeLessThan(1_500)
  }
})

test("a page of transactions reads few entries, whatever the filter and however deep", async () => {
  const read = (filter: TransactionFilter, before: bigint | null = null) =>
    entriesRead((db) => listTransactionsBefore(db, pool, { before, limit: 50, filter }))
  for (const before of [null, 5_000n]) {
    expect(await read({}, before)).toBeLessThan(300)
    expect(await read({ kinds: ["promotion"] }, before)).toBeLessThan(10)
    expect(await read({ maxNanos: -(10n ** 12n) }, before)).toBeLessThan(10)
    expect(await read({ memberId: team.owner.memberId }, before)).toBeLessThan(10)
  }
  expect(await entriesRead((db) => findTransactions(db, team.id, "no such key"))).toBeLessThan(5)
})
