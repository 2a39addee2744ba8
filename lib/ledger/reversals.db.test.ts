import { randomUUID } from "node:crypto"
import { beforeEach, describe, expect, test } from "vitest"
import { consume, readPool, type TestPool, usd } from "@/dev/testing/ledger"
import { buy } from "@/dev/testing/money-back"
import { testSql } from "@/dev/testing/sql"
import { createTestTeam } from "@/dev/testing/teams"
import { testDatabase } from "@/dev/testing/world"
import { findLedgerFaults } from "./find-faults"

const world = testDatabase()
const sql = testSql(world)
let pool: TestPool
let usageKey: bigint

beforeEach(async () => {
  const team = await createTestTeam(world.db)
  pool = { teamId: team.id, poolId: team.owner.poolId }
  await buy(world.db, pool, usd(5))
  await consume(world.db, pool, 10n)
  const record = await world.db.entry.findFirstOrThrow({ where: { teamId: team.id, quantity: 10n } })
  usageKey = record.usageKey ?? 0n
})

const reverse = (
  quantity: bigint,
  { poolId = pool.poolId, requestKey = randomUUID() }: { poolId?: string; requestKey?: string } = {},
) =>
  sql.query(
    "SELECT ledger_reverse_usage($1, uuidv7(), $2, $3, $4, 0, $5, 'print', 'A reason', NULL, now())",
    [pool.teamId, poolId, usageKey, quantity, requestKey],
  )
const COLUMNS = `pool_id, usage_key, meter_no, allowance_quantity, allowance_expired, included_nanos, credits_nanos, repaid_nanos,
  expired_nanos, balance_nanos, available_nanos, request_print, reason, created_at`
/** A copy of the reversal that was made, with something else in some columns. */
const another = (columns: string, values: string) =>
  `INSERT INTO usage_reversals (team_id, id, request_key, ${columns}, ${COLUMNS}) SELECT team_id, uuidv7(), uuidv7()::text, ${values},
    ${COLUMNS} FROM usage_reversals WHERE team_id = '${pool.teamId}'`

describe("the database", () => {
  test.each([0n, -1n, 11n])("refuses to reverse %s of 10", async (quantity) => {
    await expect(reverse(quantity)).rejects.toThrow("of a usage record 10 is left")
  })

  test("refuses more than is left, another pool, and a request key twice", async () => {
    await reverse(4n, { requestKey: "once" })
    await expect(reverse(7n)).rejects.toThrow("of a usage record 6 is left, not 7")
    await expect(reverse(1n, { requestKey: "once" })).rejects.toThrow("usage_reversals_once_per_request")
    const other = await world.db.pool.findFirstOrThrow({
      where: { teamId: pool.teamId, id: { not: pool.poolId } },
    })
    await expect(reverse(1n, { poolId: other.id })).rejects.toThrow("no rows")
    expect(await readPool(world.db, pool)).toMatchObject({
      creditsNanos: usd(5) - 6n,
      lifetimeSpentNanos: 6n,
    })
  })

  test("holds by itself that reversals of a record follow each other and are posted as they say", async () => {
    await reverse(4n)
    const wrong: [insert: string, refusal: string][] = [
      [another("quantity_before, quantity", "10, 1"), "usage_reversals_follow_each_other"],
      [another("quantity_before, quantity", "6, 7"), "usage_reversals_at_most_the_record"],
      [another("quantity_before, quantity", "7, 1"), "more of a usage record than is left"],
      [another("quantity_before, quantity", "6, 4"), "something else than its usage record had taken"],
      [
        `INSERT INTO entries (team_id, pool_no, seq, bucket, kind, amount_nanos, balance_after_nanos, cause_id)
          SELECT team_id, pool_no, seq + 1, bucket, kind, 1, balance_after_nanos + 1, uuidv7() FROM entries
          WHERE team_id = '${pool.teamId}' AND kind = 'consumption_reversal'`,
        "takes back usage that was not reversed",
      ],
      [
        `INSERT INTO entries (team_id, pool_no, seq, bucket, kind, amount_nanos, balance_after_nanos, cause_id)
          SELECT team_id, pool_no, seq + 1, bucket, kind, -1, balance_after_nanos - 1, uuidv7() FROM entries
          WHERE team_id = '${pool.teamId}' AND kind = 'consumption_reversal'`,
        "entries_sign_fits_kind",
      ],
    ]
    for (const [insert, refusal] of wrong) await expect(sql.writeAsLedger([insert])).rejects.toThrow(refusal)
  })

  test("is looked through every night", async () => {
    await reverse(4n)
    const faults = () => findLedgerFaults(world.db, pool.teamId, pool.poolId)
    expect(await faults()).toEqual([])
    for (const [table, column] of [
      ["usage_reversals", "quantity"],
      ["usage_reversals", "credits_nanos"],
      ["usage_reversal_parts", "amount_nanos"],
      ["usage_reversal_parts", "grant_no"],
    ] as const) {
      const change = (by: string) =>
        sql.damage(`UPDATE ${table} SET ${column} = ${column} ${by} WHERE team_id = '${pool.teamId}'`)
      await change("+ 1")
      expect((await faults()).join("; "), column).toContain("reversed usage gave back a different amount")
      await change("- 1")
    }
    expect(await faults()).toEqual([])
  })

  test.each(["usage_reversals", "usage_reversal_parts"])(
    "keeps %s, and takes them from the ledger only",
    async (table) => {
      await reverse(4n)
      const column = table === "usage_reversals" ? "quantity" : "amount_nanos"
      for (const change of [
        `UPDATE ${table} SET ${column} = 1`,
        `DELETE FROM ${table}`,
        `TRUNCATE ${table} CASCADE`,
      ])
        await expect(sql.writeAsLedger([change]), change).rejects.toThrow("reversals of usage are kept")
      await expect(sql.query(`INSERT INTO ${table} SELECT * FROM ${table}`)).rejects.toThrow(
        "by the ledger's functions only",
      )
    },
  )
})
