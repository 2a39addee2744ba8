import fc from "fast-check"
import { afterEach, expect, test, vi } from "vitest"
import { createPayingTeam, testMetering } from "@/dev/testing/metering"
import { TopUpPair } from "@/dev/testing/models/top-up-pair"
import { anyTopUpStep } from "@/dev/testing/models/top-up-steps"
import { testWorld } from "@/dev/testing/world"
import { clock } from "@/lib/clock"
import { findLedgerFaults } from "@/lib/ledger/find-faults"

const world = testWorld()
const meterings = testMetering(world)
afterEach(() => {
  vi.restoreAllMocks()
})

test("each charge has a cause that came after the last one, and nothing speaks against it, whatever happens to a team", async () => {
  const metering = meterings.start()
  const runs = Number(process.env.MODEL_RUNS ?? 4)
  let charges = 0
  const times = vi.spyOn(clock, "now")
  await fc.assert(
    fc.asyncProperty(fc.array(anyTopUpStep, { minLength: 20, maxLength: 50, size: "max" }), async (steps) => {
      await world.stripe.control.reset()
      const { team } = await createPayingTeam(world, 0n)
      const pair = new TopUpPair(world, metering, team)
      times.mockImplementation(() => pair.now)
      await pair.begin()
      for (const step of steps) await pair.perform(step)
      await pair.look()
      charges += pair.charges
      for (const { poolId } of [team.owner, team.member])
        expect(await findLedgerFaults(world.db, team.id, poolId)).toEqual([])
    }),
    { numRuns: runs, endOnFailure: false },
  )
  expect(charges).toBeGreaterThan(0)
}, 1_200_000)
