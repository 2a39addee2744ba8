import { beforeEach, expect, test } from "vitest"
import { consume, credit, type TestPool, usd } from "@/dev/testing/ledger"
import { listNotifications } from "@/dev/testing/notifications"
import {
  changePlanAtStripe,
  readCopy,
  readGiven,
  stripeNow,
  subscribe,
  sync,
} from "@/dev/testing/subscriptions"
import { createTestTeam, type TestTeam } from "@/dev/testing/teams"
import { testWorld } from "@/dev/testing/world"
import { DAY_MS } from "@/lib/clock"
import { recordDispute } from "@/lib/money-back/record-dispute"
import { stripeAt } from "@/stand-in/testing"

const world = testWorld()
let team: TestTeam
let pool: TestPool

beforeEach(async () => {
  await world.stripe.control.reset()
  team = await createTestTeam(world.db, { plan: "free" })
  pool = { teamId: team.id, poolId: team.owner.poolId }
})

const stripe = () => stripeAt(world.stripe.url)
const given = () => readGiven(world, pool)
const NOTHING = { includedNanos: 0n, llmTokens: 0n }
const FREE = { includedNanos: 0n, llmTokens: 100_000n }
const BUSINESS = { includedNanos: usd(250), llmTokens: 75_000_000n }

/** Disputes the customer's newest charge, and delivers the event the given number of times. */
async function dispute(customerId: string, times = 1): Promise<string> {
  const { data } = await stripe().charges.list({ customer: customerId, limit: 1 })
  const { id } = await world.stripe.control.dispute(data[0]?.id ?? "")
  for (let n = 0; n < times; n++) await hear(id)
  return id
}

async function hear(disputeId: string): Promise<void> {
  const ctx = { db: world.db, now: await stripeNow(world) }
  await recordDispute(ctx, { id: "evt_test", objectId: disputeId } as Parameters<typeof recordDispute>[1])
}

test("a disputed plan payment freezes what it gave until it is won, and says so truly", async () => {
  await credit(world.db, pool, usd(40))
  const { customerId } = await subscribe(world, team, "business")
  await consume(world.db, pool, usd(30), { now: await stripeNow(world) })
  const before = await given()
  const id = await dispute(customerId, 3)
  expect(await readCopy(world, team)).toMatchObject({ status: "active", periodWithheld: "disputed" })
  expect(await given()).toEqual(NOTHING)
  expect(await listNotifications(world, team)).toMatchObject([
    { type: "credit_dispute_opened", data: { amount: "900.00", paid_for: "plan", purchase_id: null } },
  ])
  // Bought or given credits don't come from that payment.
  expect(await consume(world.db, pool, usd(10), { now: await stripeNow(world) })).toMatchObject({
    creditsNanos: usd(10),
  })
  await world.stripe.control.closeDispute(id, "won")
  await Promise.all([hear(id), hear(id), sync(world, team)])
  expect(await given()).toEqual(before)
})

test("a lost dispute keeps what is left withheld, and the next period that is paid gives anew", async () => {
  const { customerId } = await subscribe(world, team, "business")
  const id = await dispute(customerId)
  await world.stripe.control.closeDispute(id, "lost")
  await hear(id)
  expect(await given()).toEqual(NOTHING)
  await world.stripe.control.advance(32 * DAY_MS)
  await sync(world, team)
  expect(await given()).toEqual(BUSINESS)
})

test("a dispute that is won once its period is over brings nothing back", async () => {
  const { customerId } = await subscribe(world, team, "business")
  const id = await dispute(customerId)
  await world.stripe.control.advance(32 * DAY_MS)
  await sync(world, team)
  await world.stripe.control.closeDispute(id, "won")
  await hear(id)
  expect(await given()).toEqual(BUSINESS)
})

test("a dispute that comes after the plan has ended withholds what its payment gave, until it is won", async () => {
  const { customerId, stripeId } = await subscribe(world, team, "business")
  await world.stripe.control.setSubscriptionStatus(stripeId, "unpaid")
  await sync(world, team)
  expect(await given()).toEqual(BUSINESS)
  const id = await dispute(customerId, 2)
  expect(await given()).toEqual(FREE)
  await sync(world, team)
  expect(await given()).toEqual(FREE)
  await world.stripe.control.closeDispute(id, "won")
  await hear(id)
  await sync(world, team)
  expect(await given()).toEqual(BUSINESS)
})

test("a disputed upgrade withholds what the larger plan added, and nothing of the smaller", async () => {
  const { customerId, stripeId } = await subscribe(world, team, "build")
  await changePlanAtStripe(world, stripeId, "business")
  await sync(world, team)
  const raised = await given()
  expect(raised.includedNanos).toBeGreaterThan(usd(249))
  const id = await dispute(customerId)
  expect(await given()).toEqual({ includedNanos: usd(20), llmTokens: 5_000_000n })
  await world.stripe.control.closeDispute(id, "won")
  await hear(id)
  await sync(world, team)
  expect(await given()).toEqual(raised)
})

test("a refund of a plan payment takes nothing by itself", async () => {
  const { customerId } = await subscribe(world, team, "business")
  const { data } = await stripe().charges.list({ customer: customerId, limit: 1 })
  await world.stripe.control.refund(data[0]?.id ?? "")
  await sync(world, team)
  expect(await given()).toEqual(BUSINESS)
})
