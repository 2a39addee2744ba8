import fc from "fast-check"
import { expect, test } from "vitest"
import { consume, credit, readPool, type TestPool, usd } from "@/dev/testing/ledger"
import { buy, disputeOf, refundOf, report, reportDispute, type TestPayment } from "@/dev/testing/money-back"
import { createTestTeam } from "@/dev/testing/teams"
import { testDatabase } from "@/dev/testing/world"
import { HOUR_MS } from "@/lib/clock"
import type { PoolFigures } from "@/lib/money/figures"
import { getFigures } from "./queries"

const world = testDatabase()

async function readFigures({
  teamId,
  poolId: id,
}: TestPool): Promise<{ figures: PoolFigures; balance: bigint }> {
  const pool = await readPool(world.db, { teamId, poolId: id })
  return { figures: await getFigures(world.db, { ...pool, teamId }), balance: pool.creditsNanos }
}

const sumOf = (figures: PoolFigures) =>
  figures.addedNanos +
  figures.givenNanos -
  figures.spentNanos -
  figures.takenBackNanos -
  figures.expiredNanos +
  figures.transferredNanos +
  figures.adjustedNanos

async function newPool(): Promise<TestPool> {
  const team = await createTestTeam(world.db)
  return { teamId: team.id, poolId: team.owner.poolId }
}

test("each figure says what became of the credits", async () => {
  const pool = await newPool()
  const hour = new Date(Date.now() + HOUR_MS)
  await credit(world.db, pool, usd(7), { source: "included", expiresAt: hour })
  await credit(world.db, pool, usd(3), { expiresAt: hour })
  const refunded = await buy(world.db, pool, usd(25))
  const disputed = await buy(world.db, pool, usd(50), { kind: "auto_top_up" })
  await consume(world.db, pool, usd(8))
  await report(world.db, await refundOf(world.db, refunded, usd(5)))
  await reportDispute(world.db, await disputeOf(world.db, disputed, usd(50)))
  // An hour later, unused promotional credits have expired.
  await consume(world.db, pool, usd(1), { now: new Date(hour.getTime() + 1) })
  const { figures, balance } = await readFigures(pool)
  expect(figures).toEqual({
    addedNanos: usd(75),
    givenNanos: usd(3),
    spentNanos: usd(2),
    takenBackNanos: usd(55),
    hasDisputes: true,
    expiredNanos: usd(2),
    transferredNanos: 0n,
    adjustedNanos: 0n,
  })
  expect(sumOf(figures)).toBe(balance)
})

const nanos = fc.bigInt({ min: 1n, max: 30_000_000_000n })
const step = fc.oneof(
  fc.record({ do: fc.constant("buy" as const), nanos: fc.integer({ min: 1, max: 50 }).map(usd) }),
  fc.record({ do: fc.constant("give" as const), nanos }),
  fc.record({ do: fc.constant("include" as const), nanos }),
  fc.record({ do: fc.constant("spend" as const), nanos }),
  fc.record({ do: fc.constant("refund" as const), which: fc.nat({ max: 9 }) }),
  fc.record({ do: fc.constant("dispute" as const), which: fc.nat({ max: 9 }) }),
  fc.record({ do: fc.constant("pass" as const) }),
)

test("the figures add up to the balance, to the nano, whatever the history", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 20 }), async (history) => {
      const pool = await newPool()
      const bought: TestPayment[] = []
      let now = Date.now()
      const expiresAt = () => new Date(now + HOUR_MS)
      for (const each of history) {
        if (each.do === "buy") bought.push(await buy(world.db, pool, each.nanos))
        else if (each.do === "give") await credit(world.db, pool, each.nanos, { expiresAt: expiresAt() })
        else if (each.do === "include")
          await credit(world.db, pool, each.nanos, { source: "included", expiresAt: expiresAt() })
        else if (each.do === "spend") await consume(world.db, pool, each.nanos, { now: new Date(now) })
        else if (each.do === "pass") now += 2 * HOUR_MS
        else {
          const [payment] = bought.splice(each.which % Math.max(bought.length, 1), 1)
          if (!payment) continue
          if (each.do === "refund") await report(world.db, await refundOf(world.db, payment, usd(1)))
          else await reportDispute(world.db, await disputeOf(world.db, payment, usd(1)))
        }
        const { figures, balance } = await readFigures(pool)
        expect(sumOf(figures)).toBe(balance)
      }
    }),
    { numRuns: 15 },
  )
})
