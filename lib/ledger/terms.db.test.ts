import { randomUUID } from "node:crypto"
import { beforeEach, describe, expect, test } from "vitest"
import { consume, credit, readPool, type TestPool, usd } from "@/dev/testing/ledger"
import { testSql } from "@/dev/testing/sql"
import { createTestTeam, type TestTeam } from "@/dev/testing/teams"
import { testDatabase } from "@/dev/testing/world"

const world = testDatabase()
const sql = testSql(world)
let team: TestTeam
let pool: TestPool

beforeEach(async () => {
  team = await createTestTeam(world.db)
  pool = { teamId: team.id, poolId: team.owner.poolId }
})

describe("a grant keeps its terms", () => {
  test.each([
    "kind = 'included'",
    "priority = 1",
    "original_nanos = original_nanos * 2",
    "expires_at = now() + interval '1 day'",
    "cause_id = uuidv7()",
    "no = no + 1",
    "created_at = now() - interval '1 year'",
  ])("refuses %s", async (change) => {
    await credit(world.db, pool, usd(5))
    await expect(
      sql.writeAsLedger([`UPDATE grants SET ${change} WHERE pool_id = $1`, [pool.poolId]]),
    ).rejects.toThrow("of a grant only what remains changes")
  })

  test("and stays in its pool", async () => {
    await credit(world.db, pool, usd(5))
    await expect(
      sql.writeAsLedger([
        "UPDATE grants SET pool_id = $2 WHERE pool_id = $1",
        [pool.poolId, team.admin.poolId],
      ]),
    ).rejects.toThrow("of a grant only what remains changes")
  })
})

test("a pool stays its holder’s", async () => {
  await expect(
    sql.writeAsLedger(["UPDATE pools SET member_id = NULL WHERE id = $1", [pool.poolId]]),
  ).rejects.toThrow("a pool stays whose it is")
})

test("totals that were moved and half moved back are refused at commit", async () => {
  await credit(world.db, pool, usd(5))
  await expect(
    sql.writeAsLedger(
      ["UPDATE pools SET included_nanos = 1, last_seq = 9 WHERE id = $1", [pool.poolId]],
      ["UPDATE pools SET included_nanos = 0 WHERE id = $1", [pool.poolId]],
    ),
  ).rejects.toThrow("disagrees with its entries")
  expect(await readPool(world.db, pool)).toMatchObject({ lastSeq: 1n, creditsNanos: usd(5) })
})

describe("the same cause again", () => {
  test("with another amount or pool is refused, and nothing is written", async () => {
    const causeId = randomUUID()
    await credit(world.db, pool, usd(5), { causeId })
    const elsewhere = { ...pool, poolId: team.admin.poolId }
    await expect(credit(world.db, pool, usd(6), { causeId })).rejects.toThrow("another pool or amount")
    await expect(credit(world.db, elsewhere, usd(5), { causeId })).rejects.toThrow("another pool or amount")
    expect(await readPool(world.db, pool)).toMatchObject({ creditsNanos: usd(5), lastSeq: 1n })
    expect(await readPool(world.db, elsewhere)).toMatchObject({ creditsNanos: 0n })
  })

  test("as usage of another amount is refused, and nothing is written", async () => {
    const causeId = randomUUID()
    await credit(world.db, pool, usd(5))
    await consume(world.db, pool, usd(1), { causeId })
    await expect(consume(world.db, pool, usd(2), { causeId })).rejects.toThrow("with another amount")
    expect(await readPool(world.db, pool)).toMatchObject({ creditsNanos: usd(4), lastSeq: 2n })
  })
})
