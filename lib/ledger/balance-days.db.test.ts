import { expect, test } from "vitest"
import { fillLedger } from "@/dev/bench/pages/fill-ledger"
import { consume, credit, readPool, type TestPool, usd } from "@/dev/testing/ledger"
import { testSql } from "@/dev/testing/sql"
import { createTestTeam } from "@/dev/testing/teams"
import { testDatabase } from "@/dev/testing/world"
import { DAY_MS } from "@/lib/clock"
import type { Db } from "@/lib/db/client"
import { getBalanceDays, paceOf } from "./balance-days"

const world = testDatabase()
const sql = testSql(world)
// Noon, so that a few hours before and after belong to the same day.
const now = new Date(Math.floor(Date.now() / DAY_MS) * DAY_MS + DAY_MS / 2)
const before = (days: number) => new Date(now.getTime() - days * DAY_MS)

async function refOf({ teamId, poolId }: TestPool) {
  const { no } = await readPool(world.db, { teamId, poolId })
  return { teamId, id: poolId, no }
}

test("each day ends with the balances that the ledger had then, and says what else moved", async () => {
  const team = await createTestTeam(world.db)
  const pool = { teamId: team.id, poolId: team.owner.poolId }
  await credit(world.db, pool, usd(100), { occurredAt: before(5) })
  const expiresAt = new Date(now.getTime() + 20 * DAY_MS)
  await credit(world.db, pool, usd(10), { source: "included", occurredAt: before(4), expiresAt })
  await consume(world.db, pool, usd(4), { occurredAt: before(4) })
  await consume(world.db, pool, usd(16), { occurredAt: before(2) })
  // Late: it was charged after the day that it belongs to, and shows in the balance from then on.
  await consume(world.db, pool, usd(1), { occurredAt: before(3) })
  await credit(world.db, pool, usd(25), { occurredAt: before(1) })
  await credit(world.db, pool, usd(5), { occurredAt: before(1) })
  const days = await getBalanceDays(world.db, await refOf(pool), { days: 7, now })
  expect(
    days.map(({ creditsNanos, includedNanos, spentNanos }) => [creditsNanos, includedNanos, spentNanos]),
  ).toEqual([
    [0n, 0n, 0n],
    [usd(100), 0n, 0n],
    [usd(100), usd(6), usd(4)],
    [usd(100), usd(6), usd(1)],
    [usd(89), 0n, usd(16)],
    [usd(119), 0n, 0n],
    [usd(119), 0n, 0n],
  ])
  expect(
    days.map(({ moved }) => moved.map(({ kind, amountNanos, times }) => [kind, amountNanos, times])),
  ).toEqual([
    [],
    [["promotion", usd(100), 1]],
    [["included_grant", usd(10), 1]],
    [],
    [],
    [["promotion", usd(30), 2]],
    [],
  ])
  expect(days.at(-1)?.day).toEqual(new Date(now.getTime() - DAY_MS / 2))
  // Of seven days, today among them, the first two and a half had no use.
  expect(paceOf(days, now)).toBe((usd(21) * 2n) / 9n)
})

test("the pace is what the last seven days used, whoever paid, and nothing without use", async () => {
  const day = (n: number, spent: number) => ({
    ...{ day: new Date(now.getTime() - DAY_MS / 2 - n * DAY_MS), spentNanos: usd(spent) },
    ...{ creditsNanos: 0n, includedNanos: 0n, moved: [] },
  })
  const days = (spent: number[]) => spent.map((each, n) => day(spent.length - 1 - n, each))
  expect(paceOf(days([0, 0, 0]), now)).toBeNull()
  // Long ago doesn't count, and says that the pool isn't new.
  expect(paceOf(days([50, 0, 0, 0, 0, 0, 13, 0]), now)).toBe(usd(2))
  expect(paceOf(days([50, 0, 0, 0, 0, 0, 0, 0]), now)).toBeNull()
  // The first hours of a pool aren't the pace of a whole day.
  expect(paceOf(days([0, 0, 0, 0, 0, 0, 0, 3]), now)).toBe(usd(3))
})

test("another team’s pool, and one without any entry, have nothing", async () => {
  const [team, other] = [await createTestTeam(world.db), await createTestTeam(world.db)]
  await credit(world.db, { teamId: team.id, poolId: team.owner.poolId }, usd(5))
  const ref = await refOf({ teamId: team.id, poolId: team.owner.poolId })
  expect(await getBalanceDays(world.db, { ...ref, teamId: other.id }, { days: 30, now })).toEqual([])
  const empty = await refOf({ teamId: team.id, poolId: team.member.poolId })
  const days = await getBalanceDays(world.db, empty, { days: 30, now })
  expect(days).toHaveLength(30)
  expect(days.every(({ creditsNanos, moved }) => creditsNanos === 0n && moved.length === 0)).toBe(true)
})

test("reads two entries a day, however many there are", async () => {
  const team = await createTestTeam(world.db, { plan: "free" })
  const pool = { teamId: team.id, poolId: team.owner.poolId }
  const meter = { teamId: team.id, no: 1, consumable: "sms", decimals: 0, rateNanos: 1n, trigger: "user" }
  await world.db.meter.create({ data: meter })
  await fillLedger(world.databaseUrl, { ...pool, meterNos: [1] }, 20_000)
  await sql.query("VACUUM ANALYZE entries, usage_days")
  const ref = await refOf(pool)
  const reads = await world.db.$transaction(async (tx) => {
    const soFar = async () => {
      const [row] = await tx.$queryRaw<{ read: number }[]>`
        SELECT (coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0))::int AS read
        FROM pg_stat_xact_user_tables WHERE relname = 'entries'`
      return row?.read ?? 0
    }
    const start = await soFar()
    const days = await getBalanceDays(tx as unknown as Db, ref, { days: 90, now: new Date() })
    expect(days.filter(({ spentNanos }) => spentNanos > 0n).length).toBeGreaterThan(85)
    return (await soFar()) - start
  })
  expect(reads).toBeLessThan(250)
})
