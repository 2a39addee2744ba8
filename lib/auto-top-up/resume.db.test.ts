import { beforeEach, expect, test } from "vitest"
import { listTopUps, prepareTopUp, resume, runTopUp } from "@/dev/testing/auto-top-up"
import { credit, usd } from "@/dev/testing/ledger"
import { createTestTeam, type TestTeam } from "@/dev/testing/teams"
import { testWorld } from "@/dev/testing/world"
import { HOUR_MS } from "@/lib/clock"
import { getTopUpHistory } from "./queries"

const world = testWorld()
let team: TestTeam

beforeEach(async () => {
  await world.stripe.control.reset()
  team = await createTestTeam(world.db)
})

const pool = () => ({ teamId: team.id, poolId: team.owner.poolId })
/** Later than three failures an hour apart, so that none of them counts as a charge within the last hour. */
const later = () => new Date(Date.now() + 4 * HOUR_MS)
const stored = () => world.db.autoTopUpSettings.findFirstOrThrow({ where: { teamId: team.id } })

async function failThrice() {
  await prepareTopUp(world, team, "pm_card_chargeCustomerFail")
  for (let hour = 0; hour < 3; hour++) await runTopUp(world, team, new Date(Date.now() + hour * HOUR_MS))
}

test("resumeTopUps ends a suspension by hand, once, and says who did it", async () => {
  await failThrice()
  await expect(resume(world, team, { actor: team.member })).rejects.toMatchObject({ status: 403 })
  expect(await resume(world, team, { actor: team.admin, now: later() })).toEqual({
    status: "saved",
    isCharging: true,
  })
  expect(await resume(world, team, { actor: team.admin, now: later() })).toEqual({
    status: "saved",
    isCharging: false,
  })
  expect(await stored()).toMatchObject({ failures: 0, suspendedAt: null, version: 2 })
  expect((await getTopUpHistory(world.db, pool())).changes[0]).toMatchObject({
    by: "ADMIN of the test",
    after: { resumed: true },
  })
})

test.each<[string, () => object]>([
  ["nothing", () => ({ agreedCharge: null })],
  ["less", () => ({ agreedCharge: { amountNanos: usd(49.99), paymentMethodId: "pm_any" } })],
  ["another card", () => ({ agreedCharge: { amountNanos: usd(50), paymentMethodId: "pm_other" } })],
])("resumeTopUps resumes and charges nothing if the person agreed to %s", async (_, agreed) => {
  await failThrice()
  const before = await listTopUps(world, team)
  expect(await resume(world, team, { now: later(), ...agreed() })).toMatchObject({
    status: "not_agreed",
    outlook: { state: { availableNanos: 0n } },
  })
  expect(await stored()).toMatchObject({ failures: 3, version: 1 })
  await runTopUp(world, team, new Date(Date.now() + 4 * HOUR_MS))
  expect(await listTopUps(world, team)).toEqual(before)
})

test("resumeTopUps needs no leave where it charges nothing", async () => {
  await failThrice()
  await credit(world.db, pool(), usd(100))
  expect(await resume(world, team, { now: later(), agreedCharge: null })).toEqual({
    status: "saved",
    isCharging: false,
  })
  expect(await stored()).toMatchObject({ failures: 0, suspendedAt: null })
})
