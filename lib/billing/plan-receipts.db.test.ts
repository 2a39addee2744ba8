import { afterEach, beforeEach, expect, test } from "vitest"
import { usd } from "@/dev/testing/ledger"
import { changePlanAtStripe, stripeNow, subscribe, sync } from "@/dev/testing/subscriptions"
import { createTestTeam, type TestTeam } from "@/dev/testing/teams"
import { sendEvent, workInbox } from "@/dev/testing/webhooks"
import { testWorld } from "@/dev/testing/world"
import { DAY_MS } from "@/lib/clock"
import { syncPaymentMethods } from "@/lib/payment-methods/sync-payment-methods"
import { stripeAt } from "@/stand-in/testing"
import { syncBilling } from "./confirm-subscription"
import { listBillingDocuments } from "./invoice-queries"

const world = testWorld()
let team: TestTeam

beforeEach(async () => {
  await world.stripe.control.reset()
  team = await createTestTeam(world.db, { plan: "free" })
})
afterEach(() => world.db.stripeEvent.deleteMany())

const stripe = () => stripeAt(world.stripe.url)
const credit = async () => (await listBillingDocuments(world.db, team.id)).creditNanos

async function documents() {
  await syncBilling({ db: world.db, now: await stripeNow(world) }, team.id)
  const { documents } = await listBillingDocuments(world.db, team.id)
  return documents.map(({ what, amount, status }) => [what, amount, status])
}

async function hear(type: string, id: string): Promise<void> {
  await sendEvent({ type, data: { object: { id } } })
  await workInbox(world, await stripeNow(world))
}

async function newestCharge(customer: string): Promise<string> {
  const { data } = await stripe().charges.list({ customer, limit: 1 })
  return data[0]?.id ?? ""
}

test("a plan’s receipt says that it was refunded, partly at first, and no more once that failed", async () => {
  const { customerId } = await subscribe(world, team, "build")
  expect(await documents()).toEqual([["Build plan", "$75.00", "paid"]])
  const charge = await newestCharge(customerId)
  const first = await stripe().refunds.create({ charge, amount: 2_500 })
  await hear("refund.created", first.id)
  expect(await documents()).toEqual([["Build plan", "$75.00", "partly_refunded"]])
  const rest = await stripe().refunds.create({ charge })
  await hear("refund.created", rest.id)
  expect(await documents()).toEqual([["Build plan", "$75.00", "refunded"]])
  await world.stripe.control.failRefund(rest.id, { reason: "lost_or_stolen_card" })
  await hear("refund.failed", rest.id)
  expect(await documents()).toEqual([["Build plan", "$75.00", "partly_refunded"]])
})

test("a plan’s receipt says that it is disputed, until the dispute is won", async () => {
  const { customerId } = await subscribe(world, team, "build")
  const { id } = await world.stripe.control.dispute(await newestCharge(customerId))
  await hear("charge.dispute.created", id)
  expect(await documents()).toEqual([["Build plan", "$75.00", "disputed"]])
  await world.stripe.control.closeDispute(id, "won")
  await hear("charge.dispute.closed", id)
  expect(await documents()).toEqual([["Build plan", "$75.00", "paid"]])
})

test("the credit that a smaller plan leaves is shown, and the renewals that use it up say so", async () => {
  const { stripeId, customerId } = await subscribe(world, team, "business")
  expect(await credit()).toBe(0n)
  await changePlanAtStripe(world, stripeId, "build")
  await hear("customer.updated", customerId)
  const left = await credit()
  expect(left).toBeGreaterThan(usd(800))
  // Both are of the same second, which is Stripe's precision.
  expect((await documents()).map(([, , status]) => status).sort()).toEqual(["credited", "paid"])
  await world.stripe.control.advance(32 * DAY_MS)
  await sync(world, team)
  expect((await documents())[0]).toEqual(["Build plan", "$75.00", "paid_from_credit"])
  await hear("customer.updated", customerId)
  expect(await credit()).toBe(left - usd(75))
})

test("an invoice that credit pays in part is paid, and its refund is measured by the money", async () => {
  const { customerId } = await subscribe(world, team, "build")
  await stripe().customers.createBalanceTransaction(customerId, { amount: -5_000, currency: "usd" })
  await world.stripe.control.advance(32 * DAY_MS)
  await sync(world, team)
  expect((await documents())[0]).toEqual(["Build plan", "$75.00", "paid"])
  const refund = await stripe().refunds.create({ charge: await newestCharge(customerId) })
  expect(refund.amount).toBe(2_500)
  await hear("refund.created", refund.id)
  expect((await documents())[0]).toEqual(["Build plan", "$75.00", "refunded"])
})

test("many reads of a customer at once write its credit one after the other", async () => {
  const { customerId } = await subscribe(world, team, "build")
  await stripe().customers.createBalanceTransaction(customerId, { amount: -1_234, currency: "usd" })
  const ctx = { db: world.db, now: new Date() }
  await Promise.all(Array.from({ length: 8 }, () => syncPaymentMethods(ctx, team.id)))
  expect(await credit()).toBe((usd(1) * 1234n) / 100n)
})
