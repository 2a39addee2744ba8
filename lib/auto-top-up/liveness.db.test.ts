import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest"
import { listTopUps, prepareTopUp, saveInput, topUpCtx } from "@/dev/testing/auto-top-up"
import { credit, readPool, usd } from "@/dev/testing/ledger"
import { createPayingTeam, testMetering } from "@/dev/testing/metering"
import { answerTo, usageOf } from "@/dev/testing/metering-usage"
import type { TestTeam } from "@/dev/testing/teams"
import { receiveWebhooks } from "@/dev/testing/webhooks"
import { testWorld } from "@/dev/testing/world"
import { startWorker } from "@/lib/jobs/worker"
import { until } from "@/stand-in/testing"
import { saveSettings } from "./save-settings"

const world = testWorld()
receiveWebhooks(world)
const meterings = testMetering(world)
let worker: Awaited<ReturnType<typeof startWorker>> | undefined
let team: TestTeam

beforeAll(async () => {
  worker = await startWorker({ databaseUrl: world.databaseUrl, database: world.db })
})
afterAll(async () => worker?.stop())
beforeEach(async () => {
  team = (await createPayingTeam(world, usd(12))).team
})

const pool = () => ({ teamId: team.id, poolId: team.owner.poolId })
const balance = async () => (await readPool(world.db, pool())).creditsNanos
const voice = (cents: bigint) => usageOf({ consumable: "voice", quantity: (cents * 1_000n * 10n) / 24n })
const spend = (cents: bigint) => answerTo(meterings.start(), team.id, voice(cents))

describe("an enabled pool", () => {
  test("is topped up by the usage that makes it low, within two seconds", async () => {
    await prepareTopUp(world, team)
    await spend(250n)
    const beganAt = performance.now()
    await until(balance, (nanos) => nanos > usd(50), 5_000)
    expect(performance.now() - beganAt).toBeLessThan(5_000)
    expect(await listTopUps(world, team)).toHaveLength(1)
  })

  test("is topped up at once when it is low while auto top-up is turned on", async () => {
    await spend(1_150n)
    await prepareTopUp(world, team)
    await until(balance, (nanos) => nanos > usd(50), 5_000)
  })

  test("is charged once by a thousand spends across the threshold at the same time", async () => {
    await credit(world.db, pool(), usd(10))
    await prepareTopUp(world, team)
    const processes = meterings.startMany(4)
    await Promise.all(
      processes.flatMap((metering) =>
        Array.from({ length: 250 }, () =>
          answerTo(metering, team.id, usageOf({ consumable: "sms", quantity: 1n })),
        ),
      ),
    )
    await until(
      () => listTopUps(world, team),
      (topUps) => topUps.some(({ status }) => status === "succeeded"),
      10_000,
    )
    expect(await listTopUps(world, team)).toHaveLength(1)
  })

  test("is low at its own threshold and not at the team’s", async () => {
    await prepareTopUp(world, team)
    await saveSettings(topUpCtx(world, team), await saveInput(world, team, { enabled: false }))
    await spend(250n)
    expect(await readPool(world.db, pool())).toMatchObject({ isLow: false })
    expect(await listTopUps(world, team)).toEqual([])
  })
})

describe("a worker that starts finds", () => {
  test("a pool that is low and whose job was lost", async () => {
    await prepareTopUp(world, team)
    await worker?.stop()
    await spend(250n)
    await world.db.$executeRaw`DELETE FROM graphile_worker._private_jobs WHERE key LIKE 'top-up-pool:%'`
    expect(await listTopUps(world, team)).toEqual([])
    worker = await startWorker({ databaseUrl: world.databaseUrl, database: world.db })
    await until(balance, (nanos) => nanos > usd(50), 10_000)
  })
})
