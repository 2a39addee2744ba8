import { afterEach, describe, expect, test } from "vitest"
import { watchAlarms } from "@/dev/testing/alarms"
import { readPool, usd } from "@/dev/testing/ledger"
import { payCheckout, readPurchase, startTestPurchase, type TestPurchase } from "@/dev/testing/purchases"
import { reconcileFor } from "@/dev/testing/reconciliation"
import { createTestTeam, type TestTeam } from "@/dev/testing/teams"
import { receiveWebhooks, workInbox } from "@/dev/testing/webhooks"
import { testWorld } from "@/dev/testing/world"
import { stripeAt, until } from "@/stand-in/testing"
import { settlePurchase } from "./settle-purchase"

const world = testWorld()
receiveWebhooks(world)
const alarms = watchAlarms()
afterEach(() => world.stripe.control.reset())

const stripe = () => stripeAt(world.stripe.url)
const balanceOf = async (team: TestTeam) =>
  (await readPool(world.db, { teamId: team.id, poolId: team.owner.poolId })).creditsNanos

// A first purchase makes the customer whose checkouts the Dashboard then changes.
async function startAfter(switches: { checkout_tax?: number; checkout_discount?: number }) {
  const team = await createTestTeam(world.db)
  const { customerId } = await startTestPurchase(world, team)
  await world.stripe.control.dashboard({ customer: customerId, ...switches })
  const purchase = await startTestPurchase(world, team)
  return { team, purchase, customerId }
}

const ROUTES = {
  "the return page": (purchase: TestPurchase) =>
    settlePurchase({ db: world.db, now: new Date() }, purchase.ref),
  "the webhooks": (purchase: TestPurchase) =>
    until(
      () => workInbox(world).then(() => readPurchase(world, purchase.ref)),
      ({ status }) => status === "succeeded",
    ),
  reconciliation: (_: TestPurchase, team: TestTeam) => reconcileFor(world.db, team),
}

describe.each(Object.entries(ROUTES))("credited by %s", (_, credit) => {
  test("$25.00 of credits with $2.06 of tax are $25.00 of credits", async () => {
    const { team, purchase } = await startAfter({ checkout_tax: 206 })
    const payment = await payCheckout(world, purchase.sessionId)
    expect(await stripe().paymentIntents.retrieve(payment)).toMatchObject({ amount_received: 2_706 })
    await credit(purchase, team)
    expect(await balanceOf(team)).toBe(usd(25))
    expect(await readPurchase(world, purchase.ref)).toMatchObject({
      capturedNanos: usd(25),
      paidNanos: usd(27.06),
    })
    expect(alarms.codes()).toEqual([])
  })

  test("$20.00 paid for $25.00 with a promotion code are $20.00 of credits", async () => {
    const { team, purchase } = await startAfter({ checkout_discount: 500 })
    await payCheckout(world, purchase.sessionId)
    await credit(purchase, team)
    expect(await balanceOf(team)).toBe(usd(20))
  })

  test("a promotion code and tax on what is left are $20.00 of credits", async () => {
    const { team, purchase } = await startAfter({ checkout_discount: 500, checkout_tax: 165 })
    await payCheckout(world, purchase.sessionId)
    await credit(purchase, team)
    expect(await balanceOf(team)).toBe(usd(20))
  })
})

test("reconciliation finds no difference in a payment with tax", async () => {
  const { team, purchase } = await startAfter({ checkout_tax: 206 })
  await payCheckout(world, purchase.sessionId)
  await settlePurchase({ db: world.db, now: new Date() }, purchase.ref)
  expect(await reconcileFor(world.db, team)).toMatchObject({ matched: 1, differences: 0 })
})

test.each([
  ["the whole", undefined, 0n],
  // 1,000 of 2,706 cents, of $25.00, rounded to the billionth.
  ["$10.00", 1_000, 15_761_271_249n],
  ["$26.00, most of it and some of the tax,", 2_600, 979_305_248n],
])("a refund of %s takes back the share of it that was paid for credits", async (_, amount, left) => {
  const { team, purchase } = await startAfter({ checkout_tax: 206 })
  const payment_intent = await payCheckout(world, purchase.sessionId)
  await settlePurchase({ db: world.db, now: new Date() }, purchase.ref)
  await stripe().refunds.create({ payment_intent, ...(amount && { amount }) })
  await reconcileFor(world.db, team)
  expect(await balanceOf(team)).toBe(left)
  expect(alarms.codes()).toEqual([])
})

test("refunds in any parts that add up to what was paid take all credits, and one that fails gives its share back", async () => {
  const { team, purchase } = await startAfter({ checkout_tax: 206 })
  const payment_intent = await payCheckout(world, purchase.sessionId)
  await settlePurchase({ db: world.db, now: new Date() }, purchase.ref)
  for (const amount of [1_000, 500, 1_205]) await stripe().refunds.create({ payment_intent, amount })
  await reconcileFor(world.db, team)
  // The last cent, of which 0.92 were credits.
  expect(await balanceOf(team)).toBe(9_238_729n)
  const last = await stripe().refunds.create({ payment_intent, amount: 1 })
  await reconcileFor(world.db, team)
  expect(await balanceOf(team)).toBe(0n)
  await world.stripe.control.failRefund(last.id)
  await reconcileFor(world.db, team)
  expect(await balanceOf(team)).toBe(9_238_729n)
  expect(alarms.codes()).toEqual([])
})

test("no checkout lets people pay in another currency, whatever the Dashboard is set to", async () => {
  const team = await createTestTeam(world.db)
  const { customerId } = await startTestPurchase(world, team)
  await world.stripe.control.dashboard({ customer: customerId, adaptive_pricing: true })
  const { sessionId } = await startTestPurchase(world, team)
  expect(await stripe().checkout.sessions.retrieve(sessionId)).toMatchObject({
    adaptive_pricing: { enabled: false },
  })
})
