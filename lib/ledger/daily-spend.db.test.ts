import { beforeEach, expect, test } from "vitest"
import { consume, credit, readPool, type TestPool, usd } from "@/dev/testing/ledger"
import { createTestTeam } from "@/dev/testing/teams"
import { testDatabase } from "@/dev/testing/world"
import { DAY_MS, HOUR_MS } from "@/lib/clock"
import { getDailySpend } from "./queries"

const world = testDatabase()
// Usage is counted by UTC days, which begin at midnight.
const now = new Date(Math.floor(Date.now() / DAY_MS) * DAY_MS)
const before = (ms: number) => new Date(now.getTime() - ms)
let pool: TestPool

beforeEach(async () => {
  const team = await createTestTeam(world.db)
  pool = { teamId: team.id, poolId: team.owner.poolId }
  await credit(world.db, pool, usd(1000))
})

async function dailySpend(at = now) {
  const { no } = await readPool(world.db, pool)
  return getDailySpend(world.db, { teamId: pool.teamId, id: pool.poolId, no }, at)
}

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

test("counts from the beginning of the first day", async () => {
  await consume(world.db, pool, usd(3), { occurredAt: before(6 * HOUR_MS) })
  expect(await dailySpend(new Date(now.getTime() + 12 * HOUR_MS))).toBe(usd(2))
})

test("every usage of a busy pool counts, whatever was bought in between", async () => {
  for (let n = 0; n < 60; n++) {
    if (n % 20 === 10) await credit(world.db, pool, usd(1))
    const consumable = n % 2 === 0 ? "llm_tokens" : "api_calls"
    await consume(world.db, pool, usd(0.1), { consumable, occurredAt: before(HOUR_MS) })
  }
  expect(await dailySpend()).toBe(usd(6))
})

test("leaves out what the plan’s included credits paid", async () => {
  await credit(world.db, pool, usd(5), { source: "included", expiresAt: new Date(Date.now() + DAY_MS) })
  await consume(world.db, pool, usd(7), { occurredAt: before(HOUR_MS) })
  expect(await dailySpend()).toBe(usd(2))
})

test("a late record that two grants pay counts on its own day as a whole", async () => {
  await credit(world.db, pool, usd(5), { source: "included", expiresAt: new Date(Date.now() + DAY_MS) })
  await consume(world.db, pool, usd(7), { occurredAt: before(3 * DAY_MS) })
  const days = await world.db.usageDay.findMany({ where: { teamId: pool.teamId, poolId: pool.poolId } })
  expect(days).toMatchObject([
    { day: before(3 * DAY_MS), records: 1n, includedNanos: usd(5), creditsNanos: usd(2) },
  ])
})
