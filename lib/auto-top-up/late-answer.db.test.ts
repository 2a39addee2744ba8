import { setTimeout as pause } from "node:timers/promises"
import { expect, test } from "vitest"
import { listTopUps, prepareTopUp, runTopUp } from "@/dev/testing/auto-top-up"
import { readPool, usd } from "@/dev/testing/ledger"
import { createTestTeam } from "@/dev/testing/teams"
import { receiveWebhooks, workInbox } from "@/dev/testing/webhooks"
import { testWorld } from "@/dev/testing/world"
import { until } from "@/stand-in/testing"

const world = testWorld()
receiveWebhooks(world)

/** Longer than the SDK waits for both of its tries. */
const LATE_MS = 24_000

test("a charge that Stripe takes up after everybody has given up waiting, while others keep asking, is made once", async () => {
  const team = await createTestTeam(world.db)
  await prepareTopUp(world, team)
  const path = "/v1/payment_intents/*/confirm"
  await world.stripe.control.fault({
    match: { method: "POST", path },
    times: 99,
    fault: { kind: "hang", ms: LATE_MS },
  })
  const beganAt = performance.now()
  const running = new Set<Promise<unknown>>()
  while (performance.now() - beganAt < LATE_MS + 2_000) {
    running.add(runTopUp(world, team).catch((error: unknown) => error))
    await pause(2_000)
  }
  const outcomes = await Promise.all(running)
  expect(outcomes.filter((outcome) => outcome instanceof Error).length).toBeGreaterThan(0)
  await until(
    () => workInbox(world).then(() => listTopUps(world, team)),
    ([topUp]) => topUp?.status === "succeeded",
  )
  expect(await listTopUps(world, team)).toHaveLength(1)
  expect((await world.stripe.control.payments()).data).toMatchObject([{ amount_received: 5_000 }])
  const pool = await readPool(world.db, { teamId: team.id, poolId: team.owner.poolId })
  expect(pool.creditsNanos).toBe(usd(50))
}, 90_000)
