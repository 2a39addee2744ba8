import { expect, test } from "vitest"
import { credit, readPool, type TestPool, usd } from "@/dev/testing/ledger"
import { createPayingTeam, SMS_NANOS, testMetering } from "@/dev/testing/metering"
import { answerTo, usageOf } from "@/dev/testing/metering-usage"
import { testDatabase } from "@/dev/testing/world"
import { reportUsage } from "./report-usage"

const world = testDatabase()
const meterings = testMetering(world)

/** Lists what is to be told about a pool, in the order in which it happened. */
async function told({ poolId }: TestPool): Promise<string[]> {
  const jobs = await world.db.$queryRaw<{ crossing: string }[]>`
    SELECT payload->>'crossing' AS crossing FROM graphile_worker._private_jobs
    WHERE key LIKE ${`tell-balance:${poolId}:%`} ORDER BY id`
  return jobs.map(({ crossing }) => crossing)
}

test("a pool that four processes empty at once is told low once and depleted once", async () => {
  const { team, pool } = await createPayingTeam(world, usd(7))
  const processes = meterings.startMany(4)
  await Promise.all(
    processes.flatMap((metering) =>
      Array.from({ length: 200 }, () => answerTo(metering, team.id, usageOf())),
    ),
  )
  expect(await told(pool)).toEqual(["low", "depleted"])
  expect(await readPool(world.db, pool)).toMatchObject({ isLow: true, isDepleted: true })
})

test("credits arm both again, and what falls a second time is told a second time", async () => {
  const { team, pool } = await createPayingTeam(world, usd(6))
  const metering = meterings.start()
  const spend = (cents: bigint) =>
    reportUsage(metering, team.id, usageOf({ consumable: "voice", quantity: (cents * 1_000n * 10n) / 24n }))
  await spend(120n)
  expect(await told(pool)).toEqual(["low"])
  await spend(100n)
  expect(await told(pool)).toEqual(["low"])
  // Not enough to recover from being low.
  await credit(world.db, pool, usd(0.5))
  await spend(60n)
  expect(await told(pool)).toEqual(["low"])
  await credit(world.db, pool, usd(5))
  expect(await readPool(world.db, pool)).toMatchObject({ isLow: false })
  await spend(400n)
  expect(await told(pool)).toEqual(["low", "low"])
  await credit(world.db, pool, usd(20))
  await spend(2_470n)
  expect(await told(pool)).toEqual(["low", "low", "low", "depleted"])
})

test("a new pool that never had credits is not told low by the first usage that its allowance pays", async () => {
  const { team, pool } = await createPayingTeam(world, 0n)
  const metering = meterings.start()
  await reportUsage(metering, team.id, usageOf({ consumable: "llm_tokens" }))
  expect(await told(pool)).toEqual([])
})

test("a refused spend tells nothing, and neither does one that can’t commit", async () => {
  const { team, pool } = await createPayingTeam(world, usd(5) + 1n)
  const metering = meterings.start()
  expect(await answerTo(metering, team.id, usageOf({ quantity: 1_000_000n }))).toEqual({
    refused: "insufficient_credits",
  })
  expect(await told(pool)).toEqual([])
  await expect(reportUsage(metering, team.id, usageOf({ metadata: '{"a":"\\u0000"}' }))).rejects.toThrow()
  expect(await told(pool)).toEqual([])
  await reportUsage(metering, team.id, usageOf({ quantity: (usd(5) + 1n) / SMS_NANOS }))
  expect(await told(pool)).toEqual(["low", "depleted"])
})
