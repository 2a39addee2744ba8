import { beforeEach, expect, test } from "vitest"
import { prepareTopUp, saveInput, topUpCtx } from "@/dev/testing/auto-top-up"
import { credit, usd } from "@/dev/testing/ledger"
import { createTestTeam, type TestTeam } from "@/dev/testing/teams"
import { testWorld } from "@/dev/testing/world"
import { saveSettings } from "@/lib/auto-top-up/save-settings"
import { HOUR_MS } from "@/lib/clock"
import { queryIn } from "@/lib/db/query"
import { makeDue } from "./make-due"
import type { DueCause } from "./settings"

/** The database's own rules. Callers have decided by the same rules before, perhaps from memory. */
const world = testWorld()
let team: TestTeam

beforeEach(async () => {
  await world.stripe.control.reset()
  team = await createTestTeam(world.db)
  await credit(world.db, pool(), usd(12))
  // $50.00 at or below $10.00.
  await prepareTopUp(world, team)
})

const pool = () => ({ teamId: team.id, poolId: team.owner.poolId })
const settings = () => world.db.autoTopUpSettings.findFirstOrThrow({ where: { teamId: team.id } })
const NANO = 1n

async function causedBy(cause: DueCause, needsNanos: bigint | null = null, at = new Date()) {
  await makeDue(queryIn(world.db), pool(), { cause, needsNanos }, at)
  return (await settings()).dueCause
}
const set = (data: object) => world.db.autoTopUpSettings.updateMany({ where: { teamId: team.id }, data })
/** As if it had been saved like this. Versions don't matter here. */
const lowAt = (thresholdNanos: bigint) =>
  world.db.$transaction(async (tx) => {
    await tx.$executeRaw`SET LOCAL session_replication_role = replica`
    await tx.autoTopUpSettings.updateMany({ where: { teamId: team.id }, data: { thresholdNanos } })
  })
const failedWith = (failedFingerprint: string | null) =>
  set({ failures: 1, failedAt: new Date(), failedFingerprint })

test.each([
  ["a cent above its threshold by usage", "usage", usd(11.99), null, false],
  ["at its threshold by usage", "usage", usd(12), null, true],
  ["a cent above its threshold by a save", "save", usd(11.99), null, false],
  ["at its threshold by a save", "save", usd(12), null, true],
  ["by the refusal of what it could pay", "refusal", usd(10), usd(12), false],
  ["by the refusal of a nano more than it has", "refusal", usd(10), usd(12) + NANO, true],
  ["by the refusal of all that one top-up lets it pay", "refusal", usd(10), usd(62), true],
  ["by the refusal of a nano more than that", "refusal", usd(10), usd(62) + NANO, false],
] as const)("a pool %s", async (_, cause, threshold, needs, isDue) => {
  await lowAt(threshold)
  expect(await causedBy(cause, needs)).toBe(isDue ? cause : null)
})

test("another card makes a pool due that is low and failed with a former one", async () => {
  const card = await world.db.paymentMethod.findFirstOrThrow({ where: { teamId: team.id } })
  await lowAt(usd(12))
  expect(await causedBy("new_card")).toBeNull()
  await failedWith(card.fingerprint)
  expect(await causedBy("new_card")).toBeNull()
  await failedWith("fp_former")
  await lowAt(usd(11.99))
  expect(await causedBy("new_card")).toBeNull()
  await lowAt(usd(12))
  expect(await causedBy("new_card")).toBe("new_card")
})

test("nothing makes a pool due that is off", async () => {
  const off = await saveInput(world, team, { enabled: false, thresholdNanos: usd(50) })
  await saveSettings(topUpCtx(world, team), off)
  for (const cause of ["usage", "save", "new_card"] as const) expect(await causedBy(cause)).toBeNull()
  expect(await causedBy("refusal", usd(20))).toBeNull()
})

test("a pool stays due for its first cause, until a person saves", async () => {
  const later = new Date(Date.now() + HOUR_MS)
  expect(await causedBy("refusal", usd(20))).toBe("refusal")
  const before = await settings()
  await lowAt(usd(12))
  await causedBy("usage", null, later)
  await causedBy("refusal", usd(30), later)
  expect(await settings()).toEqual({ ...before, thresholdNanos: usd(12) })
  expect(await causedBy("save", null, later)).toBe("save")
  expect(await settings()).toMatchObject({ dueNeedsNanos: null, dueAt: later })
})

test("a pool that is off can’t be due, whoever writes it", async () => {
  const due = { dueAt: new Date(), dueCause: "usage", enabled: false, version: 2 }
  await expect(set(due)).rejects.toThrow("auto_top_up_due_while_on")
})
