import { beforeEach, expect, test } from "vitest"
import { consume, credit, type TestPool, usd } from "@/e2e/testing/ledger"
import { createTestTeam } from "@/e2e/testing/teams"
import { testDatabase } from "@/e2e/testing/world"
import { DAY_MS, HOUR_MS } from "@/lib/clock"
import { getDailySpend } from "./queries"

const world = testDatabase()
const now = new Date()
const before = (ms: number) => new Date(now.getTime() - ms)
let pool: TestPool

beforeEach(async () => {
  const team = await createTestTeam(world.db)
  pool = { teamId: team.id, poolId: team.owner.poolId }
  await credit(world.db, pool, usd(1000))
})

const dailySpend = () => getDailySpend(world.db, { teamId: pool.teamId, id: pool.poolId }, now)

test("is unknown without usage, and forgets what is older than two weeks", async () => {
  expect(await dailySpend()).toBeNull()
  await consume(world.db, pool, usd(5), { occurredAt: before(15 * DAY_MS) })
  expect(await dailySpend()).toBeNull()
})

test("is what was used, divided by the days since the first of it", async () => {
  for (const days of [4, 3, 1]) await consume(world.db, pool, usd(4), { occurredAt: before(days * DAY_MS) })
  expect(await dailySpend()).toBe(usd(3))
})

test("doesn’t take the first hour’s usage for each hour’s", async () => {
  await consume(world.db, pool, usd(2), { occurredAt: before(HOUR_MS) })
  expect(await dailySpend()).toBe(usd(2))
})

test("of a busy pool is the pace of its latest 500 usages, whatever was bought in between", async () => {
  for (let n = 0; n < 500; n++) {
    if (n % 100 === 50) await credit(world.db, pool, usd(1))
    await consume(world.db, pool, usd(0.01), { occurredAt: before(HOUR_MS) })
  }
  expect(await dailySpend()).toBe(usd(5) * 24n)
})
