import { randomUUID } from "node:crypto"
import fc from "fast-check"
import { expect, test } from "vitest"
import { payCheckout, readPurchase, startTestPurchase, type TestPurchase } from "@/dev/testing/purchases"
import { createTestTeam, type TestTeam } from "@/dev/testing/teams"
import { sendEvent } from "@/dev/testing/webhooks"
import { testWorld } from "@/dev/testing/world"
import { processStripeEvents } from "@/lib/jobs/process-stripe-events"
import { HANDLED_EVENT_TYPES } from "@/lib/stripe/event-types"
import { readCheckout } from "@/lib/stripe/gateway"
import type { PaymentState } from "@/lib/stripe/payment-state"
import { stripeAt } from "@/stand-in/testing"
import { cancelPurchase } from "./cancel-purchase"
import { applyPaymentState } from "./settle-purchase"

const world = testWorld()
const ctx = () => ({ db: world.db, now: new Date() })

const STEPS = {
  decline: ({ sessionId }: TestPurchase) =>
    world.stripe.control.pay(sessionId, { payment_method: "pm_card_chargeDeclined" }),
  pay: ({ sessionId }: TestPurchase) => payCheckout(world, sessionId),
  async payLater({ sessionId, customerId }: TestPurchase) {
    await world.stripe.control.nextPayment({ kind: "processing", customer: customerId })
    await world.stripe.control.pay(sessionId)
  },
  succeed: ({ sessionId }: TestPurchase) => world.stripe.control.settle(sessionId, { outcome: "succeed" }),
  fail: ({ sessionId }: TestPurchase) => world.stripe.control.settle(sessionId, { outcome: "fail" }),
  expire: ({ sessionId }: TestPurchase) => world.stripe.control.expire(sessionId),
  cancel: ({ ref }: TestPurchase) => cancelPurchase({ ...ctx(), actor: { kind: "system" } }, ref),
} satisfies Record<string, (purchase: TestPurchase) => Promise<unknown>>

type Step = keyof typeof STEPS

/** Any real history of a checkout at Stripe. */
const anyHistory: fc.Arbitrary<Step[]> = fc
  .tuple(
    fc.array(fc.constant<Step>("decline"), { maxLength: 1 }),
    fc.constantFrom<Step[]>(
      [],
      ["pay"],
      ["payLater"],
      ["payLater", "succeed"],
      ["payLater", "fail"],
      ["expire"],
      ["cancel"],
    ),
  )
  .map(([declines, ending]) => [...declines, ...ending])

const TYPES = [...HANDLED_EVENT_TYPES].filter((type) => /^(checkout\.session|payment_intent)\./.test(type))

/** An event that arrives after a step, of any type and any number of times, or a report read long ago and written now. */
type Arrival = { moment: number; what: { type: string } | { report: number }; times: number }

const anyArrival: fc.Arbitrary<Arrival> = fc.record({
  moment: fc.nat(4),
  what: fc.oneof(fc.record({ type: fc.constantFrom(...TYPES) }), fc.record({ report: fc.nat(9) })),
  times: fc.integer({ min: 1, max: 3 }),
})

async function announce(purchase: TestPurchase, type: string): Promise<void> {
  const { id, payment } = await idsOf(purchase)
  const objectId = type.startsWith("checkout.") ? id : payment
  if (!objectId) return
  // An event's description of its object is outdated by the time it arrives.
  await deliver(type, { id: objectId, status: "canceled", amount_received: 1 })
}

async function deliver(type: string, object: object): Promise<void> {
  const id = `evt_${randomUUID()}`
  expect(await sendEvent({ id, type, data: { object } })).toBe(200)
  const kept = await world.db.stripeEvent.findUnique({ where: { id } })
  if (kept) await processStripeEvents(ctx(), kept.subjectId)
}

async function idsOf({ sessionId: id }: TestPurchase): Promise<{ id: string; payment: string | null }> {
  const session = await stripeAt(world.stripe.url).checkout.sessions.retrieve(id)
  return { id, payment: typeof session.payment_intent === "string" ? session.payment_intent : null }
}

/** Returns Stripe's events about a purchase's checkout and payment, oldest first. */
async function eventsOf(purchase: TestPurchase) {
  const { id, payment } = await idsOf(purchase)
  const { data } = await world.stripe.control.events({ customer: purchase.customerId })
  return data.filter(
    ({ type, data: { object } }) =>
      TYPES.includes(type) && [id, payment].includes(String(Reflect.get(object, "id"))),
  )
}

async function stateAtStripe({ sessionId }: TestPurchase): Promise<PaymentState> {
  const found = await readCheckout(sessionId)
  if (found.kind !== "found") throw new Error("The stand-in forgot a checkout")
  return found.state
}

async function outcomeOf({ ref }: TestPurchase) {
  const { status, capturedNanos, failureReason, receiptUrl } = await readPurchase(world, ref)
  const entries = await world.db.entry.count({ where: { teamId: ref.teamId, causeId: ref.purchaseId } })
  return { status, capturedNanos, failureReason, hasReceipt: receiptUrl !== null, entries }
}

async function liveInOrder(purchase: TestPurchase, history: Step[]): Promise<void> {
  let told = 0
  for (const step of history) {
    await STEPS[step](purchase)
    const events = await eventsOf(purchase)
    for (const { type, data } of events.slice(told)) await deliver(type, data.object)
    told = events.length
  }
}

async function liveInDisorder(purchase: TestPurchase, history: Step[], arrivals: Arrival[]): Promise<void> {
  const reports = [await stateAtStripe(purchase)]
  const arrive = async ({ what }: Arrival) => {
    if ("type" in what) return announce(purchase, what.type)
    const report = reports[what.report % reports.length]
    if (report) await applyPaymentState(ctx(), purchase.ref, report)
  }
  for (const [moment, step] of history.entries()) {
    await STEPS[step](purchase)
    reports.push(await stateAtStripe(purchase))
    const due = arrivals.filter((arrival) => arrival.moment % history.length === moment)
    const all = due.flatMap((arrival) => Array.from({ length: arrival.times }, () => arrival))
    await Promise.all(all.map(arrive))
  }
  // Everything arrives in the end, the newest first, and then once more what was read before.
  for (const { type, data } of (await eventsOf(purchase)).reverse()) await deliver(type, data.object)
  for (const report of reports) await applyPaymentState(ctx(), purchase.ref, report)
}

test("a purchase ends as if its events had come in order, whatever their order and number", async () => {
  const team: TestTeam = await createTestTeam(world.db)
  const seen = new Set<string>()
  const property = fc.asyncProperty(
    anyHistory,
    fc.array(anyArrival, { maxLength: 5 }),
    async (history, arrivals) => {
      await world.db.rateLimit.deleteMany()
      const [one, other] = [await startTestPurchase(world, team), await startTestPurchase(world, team)]
      await liveInOrder(one, history)
      await liveInDisorder(other, history, arrivals)
      const outcome = await outcomeOf(other)
      expect(outcome).toEqual(await outcomeOf(one))
      seen.add(outcome.status)
    },
  )
  await fc.assert(property, { numRuns: 8, endOnFailure: true })
  expect(seen.size).toBeGreaterThan(1)
}, 120_000)
