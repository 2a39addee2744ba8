import { afterEach, beforeEach, expect, test } from "vitest"
import { readPool, usd } from "@/dev/testing/ledger"
import { payCheckout, startTestPurchase } from "@/dev/testing/purchases"
import { figuresOf, reconcileFor, reconcileOnce } from "@/dev/testing/reconciliation"
import { createTestTeam, type TestTeam } from "@/dev/testing/teams"
import { testWorld } from "@/dev/testing/world"
import { DAY_MS } from "@/lib/clock"
import { settlePurchase } from "@/lib/purchases/settle-purchase"

const world = testWorld()
let team: TestTeam
let charge: string

// No webhook ever arrives in this file.
beforeEach(async () => {
  team = await createTestTeam(world.db)
  const { ref, sessionId, customerId } = await startTestPurchase(world, team)
  await payCheckout(world, sessionId)
  await settlePurchase({ db: world.db, now: new Date() }, ref)
  charge = (await world.stripe.control.payments({ customer: customerId })).data[0]?.charge ?? ""
})
afterEach(async () => {
  await world.stripe.control.clearFaults()
})

const balance = async () =>
  (await readPool(world.db, { teamId: team.id, poolId: team.owner.poolId })).creditsNanos

test("a refund whose webhook was lost is taken back once", async () => {
  await world.stripe.control.refund(charge, { amount: 1000 })
  expect(await reconcileFor(world.db, team)).toEqual({ counted: 2, matched: 1, repaired: 1, differences: 0 })
  expect(await balance()).toBe(usd(15))
  expect(await reconcileFor(world.db, team)).toEqual({ counted: 2, matched: 2, repaired: 0, differences: 0 })
  expect(await balance()).toBe(usd(15))
})

test("a team’s own run finds the refund with its payment", async () => {
  await world.stripe.control.refund(charge)
  const { figures } = await reconcileOnce(world.db, { teamId: team.id })
  expect(figures).toEqual({ counted: 2, matched: 1, repaired: 1, differences: 0 })
  expect(await balance()).toBe(0n)
})

test("a dispute whose webhooks were lost is taken back, and given back when it is won, however old it is", async () => {
  const dispute = await world.stripe.control.dispute(charge)
  expect(await reconcileFor(world.db, team)).toMatchObject({ repaired: 1, differences: 0 })
  expect(await balance()).toBe(0n)
  await world.stripe.control.closeDispute(dispute.id, "won")
  await reconcileOnce(world.db, { since: new Date(Date.now() + DAY_MS) })
  expect(await balance()).toBe(usd(25))
  expect(await reconcileFor(world.db, team)).toMatchObject({ matched: 2, repaired: 0 })
})

test("a refund of a payment that was itself missing is taken back after the payment was credited", async () => {
  const { sessionId, customerId } = await startTestPurchase(world, team)
  const payment = await payCheckout(world, sessionId)
  const paid = (await world.stripe.control.payments({ customer: customerId })).data
  await world.stripe.control.refund(paid.find(({ id }) => id === payment)?.charge ?? "", { amount: 500 })
  const { runId } = await reconcileOnce(world.db)
  expect(await figuresOf(world.db, team, runId)).toEqual({
    counted: 3,
    matched: 1,
    repaired: 2,
    differences: 0,
  })
  expect(await balance()).toBe(usd(45))
})
