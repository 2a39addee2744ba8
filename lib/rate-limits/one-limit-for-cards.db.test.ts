import { randomUUID } from "node:crypto"
import { beforeEach, expect, test } from "vitest"
import { methodCtx } from "@/dev/testing/payment-methods"
import { askForPurchase } from "@/dev/testing/purchases"
import { askForSubscription, openCheckoutOf } from "@/dev/testing/subscriptions"
import { createTestTeam, type TestTeam } from "@/dev/testing/teams"
import { testWorld } from "@/dev/testing/world"
import { openPortal } from "@/lib/billing/open-portal"
import { TooManyAttemptsError } from "@/lib/errors"
import { startAdding } from "@/lib/payment-methods/start-adding"
import { CHECKOUT_LIMITS, CHECKOUT_WINDOW_MS } from "./take-checkout-attempt"

const world = testWorld()
const now = new Date(Math.floor(Date.now() / CHECKOUT_WINDOW_MS) * CHECKOUT_WINDOW_MS + 1_000)
let team: TestTeam

beforeEach(async () => {
  await world.stripe.control.reset()
  team = await createTestTeam(world.db, { plan: "free" })
})

/** Every way to a page or a form that takes a card. */
const WAYS = {
  "a purchase": () => askForPurchase(world, team, { now }),
  "a card form": () => startAdding(methodCtx(world, team, { now }), { requestKey: randomUUID() }),
  "a plan": async () => {
    await askForSubscription(world, team, { now })
    // A repeated request would get the same open checkout, which is no attempt.
    const { id } = await openCheckoutOf(world, team)
    await world.db.subscriptionCheckout.updateMany({ where: { id }, data: { endedAt: now } })
  },
  "the portal": () =>
    openPortal(
      { ...methodCtx(world, team, { now }), team, appUrl: "http://localhost:3000" },
      { tab: "plan", poolId: null },
    ),
}

test("a person who takes all ways in turn is stopped at the one limit, on each of them", async () => {
  const ways = Object.values(WAYS)
  for (let attempt = 0; attempt < CHECKOUT_LIMITS.user; attempt += 1) await ways[attempt % ways.length]?.()
  const counted = await world.db.rateLimit.findMany({
    where: { subject: { endsWith: team.owner.userId } },
  })
  expect(counted.map(({ attempts }) => attempts)).toEqual([CHECKOUT_LIMITS.user])
  for (const [name, way] of Object.entries(WAYS))
    await expect(way(), name).rejects.toThrow(TooManyAttemptsError)
})
