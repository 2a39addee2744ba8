import { beforeEach, describe, expect, test } from "vitest"
import { consume, credit, readPool, type TestPool, usd } from "@/e2e/testing/ledger"
import { testSql } from "@/e2e/testing/sql"
import { createTestTeam } from "@/e2e/testing/teams"
import { testDatabase } from "@/e2e/testing/world"

const world = testDatabase()
const sql = testSql(world)
let pool: TestPool

beforeEach(async () => {
  const team = await createTestTeam(world.db)
  pool = { teamId: team.id, poolId: team.owner.poolId }
  await credit(world.db, pool, usd(10))
  await consume(world.db, pool, usd(1))
})

describe("history", () => {
  test.each([
    "UPDATE entries SET detail = 'something else'",
    "UPDATE entries SET amount_nanos = amount_nanos + 1",
    "DELETE FROM entries",
    "TRUNCATE entries",
    "TRUNCATE entries CASCADE",
  ])("refuses %s", async (statement) => {
    await expect(sql.query(statement)).rejects.toThrow("ledger entries are append-only")
    expect(await world.db.entry.count({ where: pool })).toBe(2)
  })

  test.each(["DELETE FROM grants", "TRUNCATE grants"])("refuses %s", async (statement) => {
    await expect(sql.query(statement)).rejects.toThrow("grants are kept")
  })

  test("refuses to delete a pool that has entries", async () => {
    await expect(sql.query("DELETE FROM pools WHERE id = $1", [pool.poolId])).rejects.toThrow("foreign key")
  })
})

describe("pool totals", () => {
  test.each(["last_seq", "included_nanos", "credits_nanos", "lifetime_added_nanos", "lifetime_spent_nanos"])(
    "refuses to change %s except by an entry",
    async (column) => {
      await expect(sql.query(`UPDATE pools SET ${column} = ${column} + 1`)).rejects.toThrow(
        "pool totals change only by appending entries",
      )
    },
  )

  test("move with what is appended", async () => {
    expect(await readPool(world.db, pool)).toMatchObject({
      lastSeq: 2n,
      creditsNanos: usd(9),
      includedNanos: 0n,
      lifetimeAddedNanos: 0n,
      lifetimeSpentNanos: usd(1),
    })
  })

  test.each([
    "last_seq",
    "included_nanos",
    "credits_nanos",
    "debt_nanos",
    "lifetime_added_nanos",
    "lifetime_spent_nanos",
  ])("refuses a new pool whose %s is not 0", async (column) => {
    const values = [pool.teamId]
    await expect(sql.query(`INSERT INTO pools (team_id, ${column}) VALUES ($1, 1)`, values)).rejects.toThrow(
      "a pool starts empty",
    )
  })
})

describe("grants", () => {
  test.each([
    ["less", "- 1"],
    ["more", "+ 1"],
  ])("refuses at commit that a pool's grants hold %s than its balance", async (_, change) => {
    const update = `UPDATE grants SET remaining_nanos = remaining_nanos ${change} WHERE pool_id = '${pool.poolId}'`
    await expect(sql.query(update)).rejects.toThrow("disagrees with its grants")
  })

  test("refuses at commit a grant without an entry", async () => {
    await expect(
      sql.query(
        `INSERT INTO grants (team_id, pool_id, kind, priority, original_nanos, remaining_nanos, cause_id)
         VALUES ($1, $2, 'promotion', 20, 5, 5, uuidv7())`,
        [pool.teamId, pool.poolId],
      ),
    ).rejects.toThrow("disagrees with its grants")
  })

  test("refuses at commit an entry without a grant", async () => {
    await expect(
      sql.query(
        `INSERT INTO entries (team_id, pool_id, seq, bucket, kind, amount_nanos, balance_after_nanos, cause_id, occurred_at)
         VALUES ($1, $2, 3, 'credits', 'promotion', 5, $3, uuidv7(), now())`,
        [pool.teamId, pool.poolId, usd(9) + 5n],
      ),
    ).rejects.toThrow("disagrees with its grants")
  })

  test("refuses at commit debt that no entry made", async () => {
    await expect(sql.query("UPDATE pools SET debt_nanos = 5 WHERE id = $1", [pool.poolId])).rejects.toThrow(
      "disagrees with its grants",
    )
  })
})
