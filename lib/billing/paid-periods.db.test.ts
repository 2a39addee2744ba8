import fc from "fast-check"
import { expect, test } from "vitest"
import { consume, readEntries, readPool, usd } from "@/dev/testing/ledger"
import {
  changePlanAtStripe,
  failRenewal,
  payOpenInvoice,
  readCopy,
  stripeNow,
  subscribe,
  sync,
} from "@/dev/testing/subscriptions"
import { createTestTeam } from "@/dev/testing/teams"
import { testWorld } from "@/dev/testing/world"
import { CATALOG } from "@/lib/catalog/catalog"
import { queryIn } from "@/lib/db/query"
import { findLedgerFaults } from "@/lib/ledger/find-faults"
import { recordDispute } from "@/lib/money-back/record-dispute"
import { stripeAt } from "@/stand-in/testing"
import { renewPool } from "./renew-pool"

const world = testWorld()
const stripe = () => stripeAt(world.stripe.url)

const anyStep = fc.constantFrom(
  "renew-paid",
  "renew-failed",
  "renew-failed",
  "pay",
  "pay",
  "time-passes-first",
  "use",
  "use",
  "hear",
  "hear",
  "pause",
  "resume",
  "unpaid",
  "upgrade",
  "dispute",
  "win",
)
type Step = typeof anyStep extends fc.Arbitrary<infer T> ? T : never

/** Plays steps, in any order, on a team on Build. */
async function play(steps: Step[]) {
  await world.stripe.control.reset()
  const team = await createTestTeam(world.db, { plan: "free" })
  const pool = { teamId: team.id, poolId: team.owner.poolId }
  const { customerId, stripeId } = await subscribe(world, team, "build")
  const disputes: string[] = []
  // A step that isn't possible now, such as paying what is paid, is skipped.
  const attempt = (deed: Promise<unknown>) => deed.catch(() => undefined)
  const doStep: Record<Step, () => Promise<unknown>> = {
    "renew-paid": () => attempt(world.stripe.control.renewSubscription(stripeId)),
    "renew-failed": () => attempt(failRenewal(world, stripeId)),
    pay: () => attempt(payOpenInvoice(world, stripeId)),
    "time-passes-first": async () => {
      const { periodEndsAt } = await readCopy(world, team)
      const passesMs = periodEndsAt.getTime() - (await stripeNow(world)).getTime()
      if (passesMs > 0) await world.stripe.control.advance(passesMs + 1000)
      const now = await stripeNow(world)
      await world.db.$transaction((tx) => renewPool(queryIn(tx), pool, now))
    },
    use: async () => consume(world.db, pool, usd(3), { now: await stripeNow(world) }),
    hear: () => sync(world, team),
    pause: () => attempt(stripe().subscriptions.update(stripeId, { pause_collection: { behavior: "void" } })),
    resume: () => attempt(stripe().subscriptions.update(stripeId, { pause_collection: "" })),
    unpaid: () => attempt(world.stripe.control.setSubscriptionStatus(stripeId, "unpaid")),
    upgrade: () => attempt(changePlanAtStripe(world, stripeId, "max")),
    dispute: async () => {
      const { data } = await stripe().charges.list({ customer: customerId, limit: 1 })
      const made = await attempt(world.stripe.control.dispute(data[0]?.id ?? ""))
      if (made) disputes.push((made as { id: string }).id)
    },
    win: async () => {
      const id = disputes.pop()
      if (!id) return
      await attempt(world.stripe.control.closeDispute(id, "won"))
      await hearOf(id)
    },
  }
  async function hearOf(id: string) {
    const ctx = { db: world.db, now: await stripeNow(world) }
    await recordDispute(ctx, { id: "evt_model", objectId: id } as Parameters<typeof recordDispute>[1])
  }
  for (const step of steps) {
    await doStep[step]()
    expect(await findLedgerFaults(world.db, pool.teamId, pool.poolId)).toEqual([])
  }
  for (const id of disputes) await hearOf(id)
  await sync(world, team)
  await sync(world, team)
  return { team, pool, stripeId, openDisputes: disputes.length }
}

/** Returns what Stripe's invoices paid for: the plans' included credits of each period, and of each part of one. */
async function paidFor(stripeId: string): Promise<bigint> {
  const { data } = await stripe().invoices.list({ subscription: stripeId, limit: 100 })
  const paid = data.filter(({ status }) => status === "paid").reduce((sum, { total }) => sum + total, 0)
  // Three members pay. Build's $25.00 give each $20.00, and Max's $120.00 give each $100.00.
  return (usd(paid / 100) * 100n) / 3n / 100n
}

test("everything left is paid for, and an unpaid period leaves nothing, whatever happens to a plan", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(anyStep, { minLength: 1, maxLength: 12 }), async (steps) => {
      const { team, pool, stripeId, openDisputes } = await play(steps)
      const copy = await readCopy(world, team)
      const { includedNanos, periodStartsAt } = await readPool(world.db, pool)
      expect(await findLedgerFaults(world.db, pool.teamId, pool.poolId)).toEqual([])
      // An earlier paid period keeps what it has left, to its own end.
      const isInPeriod = periodStartsAt !== null && periodStartsAt >= copy.periodStartsAt
      if (copy.periodWithheld && isInPeriod) expect(includedNanos).toBe(0n)
      if (openDisputes > 0) return
      const entries = await readEntries(world.db, pool)
      const sum = (...kinds: string[]) =>
        entries
          .filter(({ kind, bucket }) => bucket === "included" && kinds.includes(kind))
          .reduce((total, { amountNanos }) => total + amountNanos, 0n)
      // Each dollar paid gives less than a dollar. Only what an unpaid period let people use comes on top, $3.00 at a
      // time.
      const used = -sum("consumption")
      const uses = BigInt(steps.filter((step) => step === "use").length) * usd(3)
      expect(used).toBeLessThanOrEqual(uses)
      expect(includedNanos + used).toBeLessThanOrEqual((await paidFor(stripeId)) + uses)
      expect(includedNanos).toBeLessThanOrEqual(CATALOG.plans.max.includedNanos)
    }),
    {
      numRuns: Number(process.env.MODEL_RUNS ?? 25),
      endOnFailure: false,
      // Found by chance, long after the others.
      examples: [[["renew-failed", "hear", "upgrade", "renew-paid"]]],
    },
  )
}, 240_000)
