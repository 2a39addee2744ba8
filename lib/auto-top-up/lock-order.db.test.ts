import { beforeEach, expect, test } from "vitest"
import { enableTopUp, listTopUps, prepareTopUp, resume, runTopUp, spendDown } from "@/dev/testing/auto-top-up"
import { credit, usd } from "@/dev/testing/ledger"
import { addCard } from "@/dev/testing/payment-methods"
import { connect, untilWaiting } from "@/dev/testing/sql"
import { createTestTeam, type TestTeam } from "@/dev/testing/teams"
import { testWorld } from "@/dev/testing/world"

const world = testWorld()
let team: TestTeam

beforeEach(async () => {
  await world.stripe.control.reset()
  team = await createTestTeam(world.db, { plan: "free" })
  await credit(world.db, pool(), usd(20))
})

const pool = () => ({ teamId: team.id, poolId: team.owner.poolId })

/** Does what news of a subscription does: locks the team, and a moment later its pools and their settings. */
async function whileTeamChanges(work: () => Promise<unknown>): Promise<void> {
  const other = await connect(world)
  try {
    await other.query("BEGIN")
    await other.query("SELECT 1 FROM teams WHERE id = $1 FOR NO KEY UPDATE", [team.id])
    const working = work()
    await untilWaiting(other)
    await other.query("SELECT 1 FROM pools WHERE team_id = $1 FOR NO KEY UPDATE", [team.id])
    await other.query("SELECT 1 FROM auto_top_up_settings WHERE team_id = $1 FOR UPDATE", [team.id])
    await other.query("COMMIT")
    await working
  } finally {
    await other.end()
  }
}

test("saving waits for whoever changes the team, and never in a circle", async () => {
  await addCard(world, team)
  await whileTeamChanges(() => enableTopUp(world, team))
  expect(await world.db.autoTopUpSettings.count({ where: { teamId: team.id, enabled: true } })).toBe(1)
})

test("so does beginning a top-up", async () => {
  await prepareTopUp(world, team)
  await spendDown(world, pool(), usd(15))
  await whileTeamChanges(() => runTopUp(world, team))
  expect(await listTopUps(world, team)).toMatchObject([{ status: "succeeded" }])
})

test("so does resuming", async () => {
  await prepareTopUp(world, team, "pm_card_chargeCustomerFail")
  await world.db.autoTopUpSettings.updateMany({
    where: { teamId: team.id },
    data: { failures: 3, failedFingerprint: "card", failedAt: new Date(), suspendedAt: new Date() },
  })
  await whileTeamChanges(() => resume(world, team))
  expect(await world.db.autoTopUpSettings.count({ where: { teamId: team.id, suspendedAt: null } })).toBe(1)
})
