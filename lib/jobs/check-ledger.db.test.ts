import { expect, test } from "vitest"
import { watchAlarms } from "@/dev/testing/alarms"
import { consume, credit, readPool, usd } from "@/dev/testing/ledger"
import { testMetering } from "@/dev/testing/metering"
import { usageOf } from "@/dev/testing/metering-usage"
import { buy, disputeOf, refundOf, report, reportDispute } from "@/dev/testing/money-back"
import { testSql } from "@/dev/testing/sql"
import { createTestTeam } from "@/dev/testing/teams"
import { testDatabase } from "@/dev/testing/world"
import { findLedgerFaults } from "@/lib/ledger/find-faults"
import { reportUsage } from "@/lib/metering/report-usage"
import { transferCredits } from "@/lib/transfers/transfer-credits"
import { checkLedger } from "./check-ledger"

const world = testDatabase()
const sql = testSql(world)
const meterings = testMetering(world)
const alarms = watchAlarms()

async function usedPool() {
  const team = await createTestTeam(world.db)
  const pool = { teamId: team.id, poolId: team.owner.poolId }
  await credit(world.db, pool, usd(5))
  await consume(world.db, pool, usd(2))
  // A record that the plan's allowance pays for.
  await reportUsage(meterings.start(), team.id, usageOf({ consumable: "llm_tokens" }))
  return pool
}

test("a ledger that is right raises no alarm", async () => {
  await usedPool()
  const { pools, faults } = await checkLedger({ db: world.db })
  expect(pools).toBeGreaterThan(0)
  expect(faults).toBe(0)
  expect(alarms.codes()).toEqual([])
})

test.each([
  [
    "a lost cent",
    "UPDATE pools SET credits_nanos = credits_nanos - 10000000 WHERE team_id = $1 AND credits_nanos > 0",
    "sum of its entries",
  ],
  [
    "a changed entry",
    "UPDATE entries SET balance_after_nanos = balance_after_nanos + 1 WHERE team_id = $1 AND seq = 2",
    "the one before",
  ],
  [
    "a grant that was filled up",
    "UPDATE grants SET remaining_nanos = original_nanos WHERE team_id = $1",
    "left in its grants",
  ],
  ["a hold out of nothing", "UPDATE pools SET held_nanos = 7 WHERE team_id = $1", "open holds"],
  ["a missing number", "UPDATE entries SET seq = seq + 50 WHERE team_id = $1 AND seq = 2", "not numbered"],
  ["a lifetime’s purchases", "UPDATE pools SET lifetime_added_nanos = 7 WHERE team_id = $1", "ever added"],
  [
    "a lifetime’s spending",
    "UPDATE pools SET lifetime_spent_nanos = 7 WHERE team_id = $1",
    "ever added or spent",
  ],
  [
    "another grant named",
    "UPDATE entries SET grant_no = 99 WHERE team_id = $1 AND seq = 2",
    "entries that name it",
  ],
  [
    "no grant named",
    "UPDATE entries SET grant_no = NULL WHERE team_id = $1 AND seq = 2",
    "entries that name it",
  ],
  ["a grant’s number", "UPDATE grants SET no = no + 9 WHERE team_id = $1", "not numbered up to"],
  [
    "an allowance given back",
    "UPDATE allowances SET used = used - 1 WHERE team_id = $1 AND used > 0",
    "allowances",
  ],
  [
    "a record that used more of the allowance",
    "UPDATE entries SET allowance_quantity = allowance_quantity + 1 WHERE team_id = $1 AND allowance_quantity > 0",
    "allowances",
  ],
  ["a day’s records", "UPDATE usage_days SET records = records + 1 WHERE team_id = $1", "day’s total"],
  ["a day’s quantity", "UPDATE usage_days SET quantity = quantity + 1 WHERE team_id = $1", "day’s total"],
  [
    "a day’s cost",
    "UPDATE usage_days SET credits_nanos = credits_nanos + 1 WHERE team_id = $1",
    "day’s total",
  ],
  ["another day", "UPDATE usage_days SET day = day - 1 WHERE team_id = $1", "day’s total"],
  ["a day that is gone", "DELETE FROM usage_days WHERE team_id = $1", "day’s total"],
  ["a day that ends too soon", "UPDATE usage_days SET last_seq = 0 WHERE team_id = $1", "day’s total"],
])("%s raises an alarm", async (_name, damage, sentence) => {
  const { teamId, poolId } = await usedPool()
  try {
    await sql.damage(damage, [teamId])
    expect((await findLedgerFaults(world.db, teamId, poolId)).join()).toContain(sentence)
    await checkLedger({ db: world.db })
    expect(new Set(alarms.codes())).toEqual(new Set(["ledger_fault"]))
  } finally {
    // Repairs the ledger for whatever comes next.
    for (const table of ["usage_days", "allowances", "periods", "entries", "grants", "pools"])
      await sql.damage(`DELETE FROM ${table} WHERE team_id = $1`, [teamId])
  }
})

test.each([
  [
    "a limit that holds too much",
    "UPDATE spend_limits SET held_nanos = 5 WHERE team_id = $1",
    "a limit of the team",
  ],
  [
    "a transfer of another amount",
    "UPDATE transfers SET amount_nanos = 5 WHERE team_id = $1",
    "a transfer isn’t",
  ],
  ["a transfer that is gone", "DELETE FROM transfers WHERE team_id = $1", "a transfer isn’t"],
])("%s is found", async (_name, damage, sentence) => {
  const team = await createTestTeam(world.db)
  const pool = { teamId: team.id, poolId: team.owner.poolId }
  await world.db.spendLimit.create({
    data: { teamId: team.id, kind: "owner", amountNanos: 1n, isHard: true },
  })
  await buy(world.db, pool, usd(5))
  const moved = { fromPoolId: pool.poolId, toPoolId: team.member.poolId, amountNanos: usd(5) }
  const transfer = { teamId: team.id, ...moved, reason: "by_owner" as const, madeByMemberId: null }
  await world.db.$transaction((tx) => transferCredits(tx, transfer, new Date()))
  expect(await findLedgerFaults(world.db, pool.teamId, pool.poolId)).toEqual([])
  await sql.damage(damage, [team.id])
  expect((await findLedgerFaults(world.db, team.id, team.member.poolId)).join()).toContain(sentence)
  for (const table of ["spend_limits", "transfers", "purchases", "entries", "grants", "pools"])
    await sql.damage(`DELETE FROM ${table} WHERE team_id = $1`, [team.id])
})

test("a refund that names no grant is no fault", async () => {
  const pool = await usedPool()
  const payment = await buy(world.db, pool, usd(5))
  await report(world.db, await refundOf(world.db, payment, usd(1)))
  expect(await findLedgerFaults(world.db, pool.teamId, pool.poolId)).toEqual([])
})

test.each([
  [
    "a refund that took nothing",
    "UPDATE refunds SET amount_nanos = amount_nanos + 10000000 WHERE team_id = $1",
    "a different amount",
  ],
  [
    "a dispute that was won and gave nothing back",
    "UPDATE disputes SET status = 'won' WHERE team_id = $1",
    "a different amount",
  ],
  ["a clawback that is gone", "DELETE FROM clawbacks WHERE team_id = $1", "a different amount"],
  [
    "a count that is wrong",
    "UPDATE purchases SET taken_back_nanos = taken_back_nanos + 1 WHERE team_id = $1",
    "a different amount",
  ],
  [
    "a debt beside credits",
    "UPDATE grants SET remaining_nanos = 5, is_open = true WHERE team_id = $1 AND kind = 'purchase'",
    "a debt although",
  ],
])("%s raises an alarm", async (_name, damage, sentence) => {
  const { teamId, poolId } = await usedPool()
  const payment = await buy(world.db, { teamId, poolId }, usd(20))
  // The plan's included credits, the promotion, and 7 of the purchase.
  const { includedNanos } = await readPool(world.db, { teamId, poolId })
  await consume(world.db, { teamId, poolId }, includedNanos + usd(3 + 7))
  await report(world.db, await refundOf(world.db, payment, usd(12)))
  await reportDispute(world.db, await disputeOf(world.db, payment, usd(6)))
  expect(await findLedgerFaults(world.db, teamId, poolId)).toEqual([])
  try {
    await sql.damage(damage, [teamId])
    expect((await findLedgerFaults(world.db, teamId, poolId)).join()).toContain(sentence)
    await checkLedger({ db: world.db })
    expect(new Set(alarms.codes())).toEqual(new Set(["ledger_fault"]))
  } finally {
    for (const table of [
      ...["usage_days", "allowances", "periods", "entries", "grants", "clawbacks", "refunds", "disputes"],
      ...["purchases", "pools"],
    ])
      await sql.damage(`DELETE FROM ${table} WHERE team_id = $1`, [teamId])
  }
})

test("a pool that can’t be looked at raises an alarm and doesn’t keep the others from being checked", async () => {
  await usedPool()
  const { pools } = await checkLedger({ db: world.db })
  let checks = 0
  const db = new Proxy(world.db, {
    get(target, name) {
      if (name === "$transaction" && ++checks === 1)
        return () => Promise.reject(new Error("It can’t be read"))
      return Reflect.get(target, name)
    },
  })
  expect(await checkLedger({ db })).toEqual({ pools, faults: 0, unchecked: 1 })
  expect(checks).toBe(pools)
  expect(alarms.codes()).toEqual(["ledger_unchecked"])
})
