import { beforeEach, describe, expect, test } from "vitest"
import { consume, credit, readEntries, readPool, type TestPool, usd } from "@/dev/testing/ledger"
import { testSql } from "@/dev/testing/sql"
import { createTestTeam } from "@/dev/testing/teams"
import { testDatabase } from "@/dev/testing/world"

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
    await expect(sql.writeAsLedger([statement])).rejects.toThrow("ledger entries are append-only")
    expect(await readEntries(world.db, pool)).toHaveLength(2)
  })

  test.each(["DELETE FROM grants", "TRUNCATE grants"])("refuses %s", async (statement) => {
    await expect(sql.query(statement)).rejects.toThrow("grants are kept")
  })

  test("refuses to delete a pool that has entries", async () => {
    await expect(sql.query("DELETE FROM pools WHERE id = $1", [pool.poolId])).rejects.toThrow("foreign key")
  })

  test.each([
    "UPDATE meters SET rate_nanos = 2",
    "UPDATE meters SET consumable = 'sms'",
    "DELETE FROM meters",
    "TRUNCATE meters CASCADE",
  ])("refuses %s, which says what usage was charged at", async (statement) => {
    await expect(sql.query(statement)).rejects.toThrow("a meter keeps its terms")
  })
})

describe("nobody but the ledger’s functions", () => {
  test.each([
    ["entries", "INSERT INTO entries (team_id) SELECT team_id FROM entries"],
    ["grants", "INSERT INTO grants SELECT g.* FROM grants g"],
    ["grants", "UPDATE grants SET remaining_nanos = original_nanos"],
    ["allowances", "INSERT INTO allowances SELECT a.* FROM allowances a"],
    ["allowances", "UPDATE allowances SET used = 0"],
    ["allowances", "DELETE FROM allowances"],
    ["holds", "INSERT INTO holds SELECT h.* FROM holds h"],
    ["holds", "UPDATE holds SET left_nanos = 0"],
    ["holds", "DELETE FROM holds"],
    ["usage_days", "INSERT INTO usage_days SELECT d.* FROM usage_days d"],
    ["usage_days", "UPDATE usage_days SET records = 0"],
    ["usage_days", "DELETE FROM usage_days"],
    ["pools", "UPDATE pools SET revision = revision + 1"],
    ["pools", "UPDATE pools SET is_low = true"],
    ["pools", "UPDATE pools SET held_nanos = held_nanos + 1"],
    ["pools", "UPDATE pools SET period_ends_at = now()"],
  ])("writes %s: %s", async (table, statement) => {
    await expect(sql.query(statement)).rejects.toThrow(`${table} are written by the ledger's functions only`)
  })
})

describe("pool totals", () => {
  test.each([
    "last_seq",
    "included_nanos",
    "credits_nanos",
    "debt_nanos",
    "lifetime_added_nanos",
    "lifetime_spent_nanos",
  ])("refuses to change %s except by the ledger’s functions", async (column) => {
    await expect(sql.query(`UPDATE pools SET ${column} = ${column} + 1`)).rejects.toThrow(
      "pools are written by the ledger's functions only",
    )
  })

  test.each([
    ["last_seq", "its entries"],
    ["included_nanos", "its entries"],
    ["credits_nanos", "its entries"],
    ["held_nanos", "its holds"],
  ])("refuses at commit that %s differs from %s", async (column, what) => {
    const update = `UPDATE pools SET ${column} = ${column} + 1 WHERE id = '${pool.poolId}'`
    await expect(sql.writeAsLedger([update])).rejects.toThrow(`disagrees with ${what}`)
  })

  test("refuses at commit that grants hold another amount", async () => {
    const update = `UPDATE grants SET remaining_nanos = remaining_nanos - 1 WHERE pool_id = '${pool.poolId}'`
    await expect(sql.writeAsLedger([update])).rejects.toThrow("disagrees with its grants")
  })

  test("refuses a debt of a pool that isn’t below zero by it", async () => {
    const update = `UPDATE pools SET debt_nanos = debt_nanos + 1 WHERE id = '${pool.poolId}'`
    await expect(sql.writeAsLedger([update])).rejects.toThrow("pools_debt_is_the_only_negative")
  })

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
    "held_nanos",
    "last_grant_no",
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
    await expect(sql.writeAsLedger([update])).rejects.toThrow("disagrees with its grants")
  })

  test("refuses at commit a grant without an entry", async () => {
    await expect(
      sql.writeAsLedger([
        `INSERT INTO grants (team_id, pool_id, no, kind, priority, original_nanos, remaining_nanos, cause_id)
         VALUES ($1, $2, 2, 'promotion', 20, 5, 5, uuidv7())`,
        [pool.teamId, pool.poolId],
      ]),
    ).rejects.toThrow("disagrees with its grants")
  })

  test("refuses at commit an entry without a grant, and one that moved no total", async () => {
    const { no } = await readPool(world.db, pool)
    const insert: [string, unknown[]] = [
      `INSERT INTO entries (team_id, pool_no, seq, bucket, kind, amount_nanos, balance_after_nanos, cause_id)
       VALUES ($1, $2, 3, 'credits', 'promotion', 5, $3, uuidv7())`,
      [pool.teamId, no, usd(9) + 5n],
    ]
    await expect(sql.writeAsLedger(insert)).rejects.toThrow("disagrees with its entries")
    await expect(
      sql.writeAsLedger(insert, [
        "UPDATE pools SET last_seq = 3, credits_nanos = credits_nanos + 5 WHERE id = $1",
        [pool.poolId],
      ]),
    ).rejects.toThrow("disagrees with its grants")
  })
})
