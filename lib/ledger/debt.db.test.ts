import { beforeEach, expect, test } from "vitest"
import { consume, credit, readGrants, readPool, type TestPool, usd } from "@/e2e/testing/ledger"
import { buy, refundOf, report } from "@/e2e/testing/money-back"
import { testSql } from "@/e2e/testing/sql"
import { createTestTeam } from "@/e2e/testing/teams"
import { testDatabase } from "@/e2e/testing/world"

const world = testDatabase()
const sql = testSql(world)
let pool: TestPool

beforeEach(async () => {
  const team = await createTestTeam(world.db)
  pool = { teamId: team.id, poolId: team.owner.poolId }
  const payment = await buy(world.db, pool, usd(10))
  await consume(world.db, pool, usd(9))
  await report(world.db, await refundOf(world.db, payment, usd(10)))
})

test("a refund of more than is left becomes explicit debt", async () => {
  expect(await readPool(world.db, pool)).toMatchObject({ creditsNanos: -usd(9), debtNanos: usd(9) })
  expect(await readGrants(world.db, pool)).toEqual([{ kind: "purchase", remainingNanos: 0n }])
})

test("a credit repays debt before anything can be used", async () => {
  await credit(world.db, pool, usd(4))
  expect(await readPool(world.db, pool)).toMatchObject({ creditsNanos: -usd(5), debtNanos: usd(5) })
  expect(await consume(world.db, pool, 1n)).toMatchObject({ enough: false })
  await credit(world.db, pool, usd(7))
  expect(await readPool(world.db, pool)).toMatchObject({ creditsNanos: usd(2), debtNanos: 0n })
  expect(await consume(world.db, pool, usd(2))).toMatchObject({ enough: true })
})

test("included credits neither repay debt nor may be used before it is repaid", async () => {
  await credit(world.db, pool, usd(20), {
    source: "included",
    expiresAt: new Date(Date.now() + 60_000),
  })
  expect(await readPool(world.db, pool)).toMatchObject({ debtNanos: usd(9), includedNanos: usd(20) })
  expect(await consume(world.db, pool, 1n)).toMatchObject({ enough: false })
})

test("twenty credits at once repay the debt once", async () => {
  await Promise.all(Array.from({ length: 20 }, () => credit(world.db, pool, usd(1))))
  expect(await readPool(world.db, pool)).toMatchObject({ creditsNanos: usd(11), debtNanos: 0n })
})

test("a balance below its debt is refused", async () => {
  await expect(
    sql.writeAsLedger([
      "UPDATE pools SET credits_nanos = credits_nanos - 5 WHERE team_id = $1 AND id = $2",
      [pool.teamId, pool.poolId],
    ]),
  ).rejects.toThrow("pools_debt_is_the_only_negative")
})
