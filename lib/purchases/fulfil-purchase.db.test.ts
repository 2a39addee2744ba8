import { expect, test } from "vitest"
import { createTestTeam } from "@/e2e/testing/teams"
import { testWorld } from "@/e2e/testing/world"
import { NANOS_PER_USD } from "@/lib/money/usd"
import { fulfilPurchase } from "./fulfil-purchase"
import { startPurchase } from "./start-purchase"

const world = testWorld()

test("twenty deliveries of one payment at once credit it once", async () => {
  const team = await createTestTeam(world.db)
  const now = new Date()
  const started = await startPurchase(
    {
      db: world.db,
      now,
      appUrl: "http://localhost:3000",
      team,
      actor: { ...team.owner, address: "10.0.0.1" },
    },
    { amount: 25n * NANOS_PER_USD, poolId: team.owner.poolId, requestKey: crypto.randomUUID() },
  )
  expect(started.clientSecret).toMatch(/^cs_test_/)
  const purchase = await world.db.purchase.findFirstOrThrow({ where: { teamId: team.id } })
  const payment = {
    paymentIntentId: "pi_twenty",
    amountMinor: 2500n,
    currency: "usd",
    capturedNanos: 25n * NANOS_PER_USD,
    receiptUrl: null,
  }
  const outcomes = await Promise.all(
    Array.from({ length: 20 }, () =>
      fulfilPurchase({ db: world.db, now }, { teamId: team.id, purchaseId: purchase.id }, payment),
    ),
  )
  expect(outcomes.filter((outcome) => outcome === "credited")).toHaveLength(1)
  expect(await world.db.entry.count({ where: { teamId: team.id } })).toBe(1)
})
