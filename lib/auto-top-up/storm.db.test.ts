import { beforeEach, expect, test } from "vitest"
import { enableTopUp, listTopUps, runTopUp, setCap } from "@/dev/testing/auto-top-up"
import { sizeOf } from "@/dev/testing/full-size"
import { readPool, usd } from "@/dev/testing/ledger"
import { createPayingTeam, testMetering } from "@/dev/testing/metering"
import { answerTo, usageOf } from "@/dev/testing/metering-usage"
import { addCard, customerOf } from "@/dev/testing/payment-methods"
import { receiveWebhooks, workInbox } from "@/dev/testing/webhooks"
import { testWorld } from "@/dev/testing/world"
import { HOUR_MS, MINUTE_MS } from "@/lib/clock"
import { stripeAt } from "@/stand-in/testing"
import { sweepTopUps } from "./sweep"

const world = testWorld()
receiveWebhooks(world)
const meterings = testMetering(world)

const SPENDS = sizeOf({ usual: 50_000, full: 100_000 })
const AT_ONCE = 500
const CAP = usd(1_200)

beforeEach(() => world.stripe.control.reset())

test("a storm of spends with faults all the time keeps every limit, and credits every captured payment once", async () => {
  const { team, pool } = await createPayingTeam(world, usd(20))
  const metering = meterings.start()
  await addCard(world, team)
  await setCap(world, team, CAP)
  await enableTopUp(world, team, { amount: 100 })
  await world.stripe.control.chance({
    seed: "storm",
    calls: { share: 0.3, hang_ms: 20 },
    webhooks: { up_to_times: 3, within_ms: 200, lost: 0.2 },
  })
  // Each round is twelve minutes of the product's clock. Refused requests count too: they are usage that came.
  let charged = 0
  const begin = Date.now()
  for (let round = 0; round < SPENDS / AT_ONCE; round++) {
    const now = new Date(begin + round * 12 * MINUTE_MS)
    const answers = await Promise.all(
      Array.from({ length: AT_ONCE }, () => answerTo(metering, team.id, usageOf())),
    )
    charged += answers.filter((answer) => "receipt" in answer).length
    await Promise.allSettled([runTopUp(world, team, now), runTopUp(world, team, now)])
    if (round % 10 === 0) await workInbox(world, now)
  }
  await world.stripe.control.endChance()
  const end = new Date(begin + (SPENDS / AT_ONCE) * 12 * MINUTE_MS)
  await sweepTopUps({ db: world.db, now: end })
  await runTopUp(world, team, end)
  await workInbox(world, end)

  const topUps = await listTopUps(world, team)
  const times = topUps.map(({ createdAt }) => createdAt.getTime())
  expect(topUps.length).toBeGreaterThan(5)
  for (const [index, at] of times.entries()) {
    expect((times[index + 3] ?? Number.POSITIVE_INFINITY) - at).toBeGreaterThanOrEqual(HOUR_MS)
    expect((times[index + 10] ?? Number.POSITIVE_INFINITY) - at).toBeGreaterThanOrEqual(24 * HOUR_MS)
  }
  const customer = await customerOf(world, team)
  const { data } = await stripeAt(world.stripe.url).paymentIntents.list({ customer, limit: 100 })
  const captured = data.filter(({ status }) => status === "succeeded")
  const credited = topUps.filter(({ status }) => status === "succeeded")
  expect(credited.map(({ paymentIntentId }) => paymentIntentId).sort()).toEqual(
    captured.map(({ id }) => id).sort(),
  )
  const byMonth = new Map<string, bigint>()
  for (const { createdAt, capturedNanos } of credited) {
    const month = createdAt.toISOString().slice(0, 7)
    byMonth.set(month, (byMonth.get(month) ?? 0n) + (capturedNanos ?? 0n))
  }
  for (const sum of byMonth.values()) expect(sum).toBeLessThanOrEqual(CAP)
  expect(charged).toBeGreaterThan(0)
  const { lifetimeAddedNanos } = await readPool(world.db, pool)
  expect(lifetimeAddedNanos).toBe(
    credited.reduce((sum, { capturedNanos }) => sum + (capturedNanos ?? 0n), 0n),
  )
}, 240_000)
