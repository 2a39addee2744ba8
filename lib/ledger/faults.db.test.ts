import { afterEach, beforeAll, expect, test } from "vitest"
import { usd } from "@/dev/testing/ledger"
import { findLedgerFaults } from "@/dev/testing/ledger-holds"
import { createPayingTeam, testMetering } from "@/dev/testing/metering"
import { usageOf } from "@/dev/testing/metering-usage"
import { buy } from "@/dev/testing/money-back"
import { testSql } from "@/dev/testing/sql"
import { testDatabase } from "@/dev/testing/world"
import { reportUsage } from "@/lib/metering/report-usage"

const world = testDatabase()
const sql = testSql(world)
const meterings = testMetering(world)
let where: string

beforeAll(async () => {
  const { team, pool } = await createPayingTeam(world, usd(50))
  const metering = meterings.start()
  await reportUsage(metering, team.id, usageOf({ quantity: 10n }))
  await reportUsage(metering, team.id, usageOf({ consumable: "llm_tokens", quantity: 150_000n }))
  await world.db.spendLimit.create({
    data: { teamId: team.id, kind: "owner", amountNanos: usd(100), isHard: true },
  })
  await sql.query(
    "SELECT ledger_open_hold($1, uuidv7(), $2, 1, 1, 1000, 'hold', 'print', now(), now() + interval '1 hour')",
    [team.id, pool.poolId],
  )
  const { usageKey } = await world.db.entry.findFirstOrThrow({ where: { teamId: team.id, quantity: 10n } })
  await sql.query(
    "SELECT ledger_reverse_usage($1, uuidv7(), $2, $3, 4, 0, 'once', 'print', 'A reason', NULL, now())",
    [team.id, pool.poolId, usageKey],
  )
  const members = { teamId: team.id, poolId: team.member.poolId }
  await buy(world.db, members, usd(5))
  await sql.query("SELECT ledger_transfer($1, uuidv7(), $2, $3, $4, 'by_owner', NULL, 'a', 'b', now())", [
    team.id,
    members.poolId,
    team.admin.poolId,
    usd(5),
  ])
  where = `team_id = '${team.id}'`
})
afterEach(async () => {
  await sql.query("ROLLBACK")
})

test.each([
  ["UPDATE entries SET amount_nanos = amount_nanos - 1 WHERE quantity = 10", "breaks the chain"],
  ["UPDATE entries SET balance_after_nanos = balance_after_nanos + 1 WHERE seq = 2", "breaks the chain"],
  ["UPDATE entries SET seq = seq + 9 WHERE seq = 3", "breaks the chain"],
  ["UPDATE entries SET grant_no = 7 WHERE seq = 2", "grant"],
  ["UPDATE entries SET meter_no = 1 WHERE seq = 3", "differs from its total"],
  ["UPDATE entries SET quantity = quantity + 1 WHERE seq = 2", "differs from its total"],
  ["UPDATE entries SET reported_at = now() - interval '3 days' WHERE seq = 2", "differs from its total"],
  ["UPDATE entries SET allowance_quantity = 1 WHERE seq = 2", "allowance used"],
  ["UPDATE entries SET pool_no = 99 WHERE seq = 3", "belongs to no pool"],
  ["DELETE FROM entries WHERE seq = 3", "differs from its entries"],
  [
    "UPDATE grants SET remaining_nanos = remaining_nanos - 1 WHERE remaining_nanos > 0",
    "differs from its grants",
  ],
  ["UPDATE grants SET no = 5", "numbered its grants wrongly"],
  ["UPDATE pools SET credits_nanos = credits_nanos + 1 WHERE credits_nanos > 0", "differs from its entries"],
  ["UPDATE pools SET included_nanos = 1 WHERE credits_nanos > 0", "differs from its entries"],
  ["UPDATE pools SET last_seq = last_seq + 1 WHERE credits_nanos > 0", "differs from its entries"],
  [
    "UPDATE pools SET debt_nanos = 1, credits_nanos = -1 WHERE credits_nanos > 0",
    "a debt though credits are left",
  ],
  ["UPDATE pools SET lifetime_spent_nanos = 1 WHERE credits_nanos > 0", "wrong lifetime figures"],
  ["UPDATE pools SET lifetime_added_nanos = 1 WHERE credits_nanos > 0", "wrong lifetime figures"],
  ["UPDATE pools SET held_nanos = held_nanos + 1 WHERE credits_nanos > 0", "differs from its holds"],
  ["UPDATE holds SET left_nanos = left_nanos - 1", "differs from its holds"],
  ["UPDATE allowances SET used = used - 1 WHERE used > 0", "allowance used"],
  ["UPDATE usage_days SET records = records + 1", "differs from its total"],
  ["UPDATE usage_days SET credits_nanos = credits_nanos + 1", "differs from its total"],
  ["UPDATE usage_days SET day = day - 1", "differs from its total"],
  ["UPDATE usage_days SET last_seq = 0", "differs from its total"],
  ["DELETE FROM usage_days", "differs from its total"],
  ["UPDATE spend_limits SET held_nanos = held_nanos + 1", "differs from its holds"],
  ["UPDATE holds SET limit_ids = '{}'", "differs from its holds"],
  ["UPDATE usage_reversals SET quantity = 11, quantity_before = 11", "was reversed by 11 of 10"],
  ["UPDATE usage_reversals SET quantity = 3", "differs from its total"],
  ["UPDATE usage_reversal_parts SET amount_nanos = amount_nanos + 1", "gave back something else"],
  ["UPDATE usage_reversal_parts SET grant_no = 7", "grant"],
  ["DELETE FROM usage_reversals", "is of no reversal"],
  ["UPDATE transfers SET amount_nanos = amount_nanos + 1", "is not one entry in each of its pools"],
  ["DELETE FROM transfers", "is of no transfer"],
])("damage is found: %s", async (statement, fault) => {
  expect(await findLedgerFaults(world.db)).toEqual([])
  // Behind every trigger and foreign key, and rolled back afterwards: the check must find faults from inside.
  await sql.query("BEGIN")
  await sql.query("SET LOCAL session_replication_role = replica")
  const scope = statement.includes(" WHERE ") ? "AND" : "WHERE"
  await sql.query(`${statement} ${scope} ${where}`)
  const faults = await findLedgerFaults(sql.query)
  expect(faults.join("; ")).toContain(fault)
})
