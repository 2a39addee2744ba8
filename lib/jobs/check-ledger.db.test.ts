import { expect, test } from "vitest"
import { watchAlarms } from "@/e2e/testing/alarms"
import { consume, credit, usd } from "@/e2e/testing/ledger"
import { testSql } from "@/e2e/testing/sql"
import { createTestTeam } from "@/e2e/testing/teams"
import { testDatabase } from "@/e2e/testing/world"
import { findLedgerFaults } from "@/lib/ledger/find-faults"
import { checkLedger } from "./check-ledger"

const world = testDatabase()
const sql = testSql(world)
const alarms = watchAlarms()

async function usedPool() {
  const team = await createTestTeam(world.db)
  const pool = { teamId: team.id, poolId: team.owner.poolId }
  await credit(world.db, pool, usd(5))
  await consume(world.db, pool, usd(2))
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
  ["a missing number", "UPDATE entries SET seq = seq + 5 WHERE team_id = $1 AND seq = 2", "not numbered"],
])("%s raises an alarm", async (_name, damage, sentence) => {
  const { teamId, poolId } = await usedPool()
  try {
    await sql.damage(damage, [teamId])
    expect((await findLedgerFaults(world.db, teamId, poolId)).join()).toContain(sentence)
    await checkLedger({ db: world.db })
    expect(new Set(alarms.codes())).toEqual(new Set(["ledger_fault"]))
  } finally {
    // What comes next finds a ledger that is right again.
    for (const table of ["usage_days", "entries", "grants", "pools"])
      await sql.damage(`DELETE FROM ${table} WHERE team_id = $1`, [teamId])
  }
})
