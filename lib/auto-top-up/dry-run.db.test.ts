import { expect, test } from "vitest"
import { consume, credit, usd } from "@/dev/testing/ledger"
import { createTestTeam } from "@/dev/testing/teams"
import { testWorld } from "@/dev/testing/world"
import { DAY_MS } from "@/lib/clock"
import { getUsageForDryRun } from "./queries"
import { simulateTopUps } from "./simulate"

const world = testWorld()

test("getUsageForDryRun tells day by day what was used and what the plan still gave, and what is held now", async () => {
  const team = await createTestTeam(world.db)
  const pool = { teamId: team.id, poolId: team.owner.poolId }
  const daysAgo = (days: number) => new Date(Date.now() - days * DAY_MS)
  await credit(world.db, pool, usd(30))
  await credit(world.db, pool, usd(100), {
    source: "included",
    expiresAt: new Date(Date.now() + DAY_MS),
  } as never)
  await consume(world.db, pool, usd(60), { occurredAt: daysAgo(8) })
  await consume(world.db, pool, usd(55), { occurredAt: daysAgo(5) })
  const read = await getUsageForDryRun(world.db, pool, new Date())
  expect(read).toMatchObject({ startNanos: usd(30), heldNanos: 0n })
  expect(read.days.filter(({ spentNanos }) => spentNanos > 0n)).toMatchObject([
    { spentNanos: usd(60), creditsNanos: 0n, includedLeftNanos: usd(40) },
    { spentNanos: usd(55), creditsNanos: usd(15), includedLeftNanos: 0n },
  ])
  expect(read.days.at(-1)).toMatchObject({ spentNanos: 0n, includedLeftNanos: 0n })
  // Available fell to $70.00 on the first of these days and to $15.00 on the second. The balance alone is $30.00,
  // then $15.00.
  const terms = { ...read, amountNanos: usd(50), capNanos: null }
  expect(simulateTopUps(read.days, { ...terms, thresholdNanos: usd(15) }).topUps).toBe(1)
  expect(simulateTopUps(read.days, { ...terms, thresholdNanos: usd(45) }).topUps).toBe(1)
  expect(simulateTopUps(read.days, { ...terms, thresholdNanos: usd(14) }).topUps).toBe(0)
})

test("getUsageForDryRun begins with the balance of a pool that used no credits of its own", async () => {
  const team = await createTestTeam(world.db)
  const pool = { teamId: team.id, poolId: team.owner.poolId }
  await credit(world.db, pool, usd(30))
  await credit(world.db, pool, usd(100), {
    source: "included",
    expiresAt: new Date(Date.now() + DAY_MS),
  } as never)
  await consume(world.db, pool, usd(60))
  const read = await getUsageForDryRun(world.db, pool, new Date())
  expect(read.startNanos).toBe(usd(30))
  expect(read.days.at(-1)).toMatchObject({ creditsNanos: 0n, includedLeftNanos: usd(40) })
})
