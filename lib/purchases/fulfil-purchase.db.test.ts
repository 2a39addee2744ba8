import { expect, test } from "vitest"
import { readPool, usd } from "@/dev/testing/ledger"
import { readPurchase, startTestPurchase } from "@/dev/testing/purchases"
import { connect, untilWaiting } from "@/dev/testing/sql"
import { createTestTeam } from "@/dev/testing/teams"
import { testWorld } from "@/dev/testing/world"
import { fulfilPurchase } from "./fulfil-purchase"

const world = testWorld()

test("twenty deliveries of one payment at once credit it once", async () => {
  const team = await createTestTeam(world.db)
  const { ref } = await startTestPurchase(world, team)
  const payment = {
    paymentIntentId: "pi_twenty",
    amountMinor: 2500n,
    currency: "usd",
    capturedNanos: usd(25),
    paidNanos: usd(25),
    receiptUrl: null,
  }
  // Nobody reaches the purchase before all twenty want it.
  const barrier = await connect(world)
  await barrier.query("BEGIN")
  await barrier.query("SELECT 1 FROM purchases WHERE id = $1 FOR UPDATE", [ref.purchaseId])
  const fulfilled = Promise.all(
    Array.from({ length: 20 }, () => fulfilPurchase({ db: world.db, now: new Date() }, ref, payment)),
  )
  await untilWaiting(barrier, 20)
  await barrier.query("COMMIT")
  await barrier.end()

  const outcomes = await fulfilled
  expect(outcomes.filter((outcome) => outcome === "credited")).toHaveLength(1)
  expect(outcomes.filter((outcome) => outcome === "already_credited")).toHaveLength(19)
  expect(await readPurchase(world, ref)).toMatchObject({ status: "succeeded", paymentIntentId: "pi_twenty" })
  const pool = await readPool(world.db, { teamId: team.id, poolId: team.owner.poolId })
  expect(pool).toMatchObject({ creditsNanos: usd(25), lifetimeAddedNanos: usd(25), lastSeq: 1n })
})
