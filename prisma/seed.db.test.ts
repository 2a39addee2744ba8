import { beforeAll, expect, test } from "vitest"
import { testDatabase } from "@/e2e/testing/world"
import { DAY_MS } from "@/lib/clock"
import { formatUsd } from "@/lib/money/usd"
import { emptyUntil } from "@/lib/pools/empty-until"
import { listPools } from "@/lib/pools/queries"
import { seed } from "./seed"

const world = testDatabase()
const now = new Date()

beforeAll(async () => {
  expect(await seed(world.db, { now })).toBe(true)
})

async function poolsOf(slug: string) {
  const team = await world.db.team.findUniqueOrThrow({ where: { slug } })
  return listPools(world.db, team)
}

test.each([
  ["northwind", ["$142.18", "$38.40", "$12.05"], false],
  ["bluebird", ["$0.00", "$0.00", "$0.00"], true],
  ["harbor", ["$3.27", "$4.90", "$0.84"], true],
  ["kestrel", ["$0.00", "$0.00", "$0.00"], true],
])("%s has what its story says", async (slug, balances, low) => {
  const pools = await poolsOf(slug)
  expect(pools.map(({ balanceNanos }) => formatUsd(balanceNanos))).toEqual(balances)
  for (const { isLow } of pools) expect(isLow).toBe(low)
})

test("the empty team has nothing at all left to pay with, for longer than anybody looks at a demo", async () => {
  const pools = await poolsOf("kestrel")
  for (const pool of pools) {
    expect([pool.balanceNanos, pool.includedNanos]).toEqual([0n, 0n])
    const until = emptyUntil(pool, now)
    expect(until && until.getTime() - now.getTime()).toBeGreaterThan(26 * DAY_MS)
  }
  const { teamId } = pools[0] ?? {}
  const allowances = await world.db.allowance.findMany({ where: { teamId } })
  expect(allowances.length).toBe(24)
  for (const { granted, used } of allowances) expect(used).toBe(granted)
})

test("the new team has no entry, and a second seed changes nothing", async () => {
  const team = await world.db.team.findUniqueOrThrow({ where: { slug: "bluebird" } })
  expect(await world.db.entry.count({ where: { teamId: team.id } })).toBe(0)
  const before = await world.db.entry.count()
  expect(await seed(world.db, { now })).toBe(false)
  expect(await world.db.entry.count()).toBe(before)
})
