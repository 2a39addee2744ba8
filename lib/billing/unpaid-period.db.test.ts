import { beforeEach, describe, expect, test } from "vitest"
import { consume, credit, readPool, type TestPool, usd } from "@/dev/testing/ledger"
import { listNotifications } from "@/dev/testing/notifications"
import {
  beginUse,
  changePlanAtStripe,
  failRenewal,
  payOpenInvoice,
  readCopy,
  readGiven,
  stripeNow,
  subscribe,
  sync,
} from "@/dev/testing/subscriptions"
import { createTestTeam, type TestTeam } from "@/dev/testing/teams"
import { testWorld } from "@/dev/testing/world"
import { DAY_MS } from "@/lib/clock"
import { queryIn } from "@/lib/db/query"
import { findLedgerFaults } from "@/lib/ledger/find-faults"
import { stripeAt } from "@/stand-in/testing"
import { changePools, type PoolsChange } from "./change-pools"
import type { BillingPeriod } from "./period"
import { renewPool } from "./renew-pool"
import { returnPeriod } from "./withhold-period"

const world = testWorld()
let team: TestTeam
let pool: TestPool

beforeEach(async () => {
  await world.stripe.control.reset()
  team = await createTestTeam(world.db, { plan: "free" })
  pool = { teamId: team.id, poolId: team.owner.poolId }
})

const stripe = () => stripeAt(world.stripe.url)
const planOf = async () => (await world.db.team.findUniqueOrThrow({ where: { id: team.id } })).plan
const given = () => readGiven(world, pool)
const told = async () =>
  (await listNotifications(world, team)).filter(({ type }) => type === "plan_payment_failed")
const renew = async (now: Date) => world.db.$transaction((tx) => renewPool(queryIn(tx), pool, now))
const use = async (nanos: bigint) => consume(world.db, pool, nanos, { now: await stripeNow(world) })
const periodAfter = (date: Date, ms: number): BillingPeriod => ({
  start: new Date(date.getTime() + ms),
  end: new Date(date.getTime() + ms + 30 * DAY_MS),
})
/** Gives the team's pools Max, with this period paid for. */
const changeTo = async (
  period: BillingPeriod,
  change: Pick<PoolsChange, "beginsAnew" | "raisedAt">,
  now: Date,
) => {
  const paid = { terms: { plan: "max" as const, ...period, withheld: null }, period, isRaiseDisputed: false }
  await world.db.$transaction((tx) => changePools(tx, team.id, { ...paid, comesBack: false, ...change }, now))
}
const NOTHING = { includedNanos: 0n, llmTokens: 0n }
const BUSINESS = { includedNanos: usd(250), llmTokens: 75_000_000n }
const FREE = { includedNanos: 0n, llmTokens: 100_000n }

describe("a renewal that fails", () => {
  test("of Business leaves past_due and neither $250 nor 75 M tokens", async () => {
    const { stripeId } = await subscribe(world, team, "business")
    expect(await given()).toEqual(BUSINESS)
    await failRenewal(world, stripeId)
    await sync(world, team)
    expect(await readCopy(world, team)).toMatchObject({ status: "past_due", periodWithheld: "unpaid" })
    expect(await given()).toEqual(NOTHING)
    expect(await planOf()).toBe("business")
  })

  test("takes back what the period had given while the news was late, as far as it is unused", async () => {
    const { stripeId } = await subscribe(world, team, "business")
    const { periodEndsAt } = await readCopy(world, team)
    await renew(periodEndsAt)
    expect(await given()).toEqual(BUSINESS)
    await failRenewal(world, stripeId, { byTime: true })
    await use(usd(30))
    await sync(world, team)
    expect(await given()).toEqual(NOTHING)
    await payOpenInvoice(world, stripeId)
    await sync(world, team)
    // Of the $30.00, the allowance had paid for 75 M tokens at a billionth of a dollar each.
    expect(await given()).toEqual({ includedNanos: usd(220.07) + 5_000_000n, llmTokens: 0n })
  })

  test("keeps bought credits, which pay for what is used meanwhile and stay spent", async () => {
    await credit(world.db, pool, usd(50))
    const { stripeId } = await subscribe(world, team, "business")
    await failRenewal(world, stripeId)
    await sync(world, team)
    expect(await use(usd(20))).toMatchObject({ enough: true, creditsNanos: usd(20), includedNanos: 0n })
    await payOpenInvoice(world, stripeId)
    await sync(world, team)
    expect(await given()).toEqual(BUSINESS)
    expect((await readPool(world.db, pool)).creditsNanos).toBe(usd(30))
  })

  test("gives its period once when it is paid after all, however many hear of it", async () => {
    const { stripeId } = await subscribe(world, team, "business")
    await failRenewal(world, stripeId)
    await Promise.all(Array.from({ length: 5 }, () => sync(world, team)))
    await payOpenInvoice(world, stripeId)
    await Promise.all(Array.from({ length: 10 }, () => sync(world, team)))
    await sync(world, team)
    const now = await stripeNow(world)
    expect(await world.db.$transaction((tx) => returnPeriod(queryIn(tx), pool, now))).toBe(false)
    expect(await given()).toEqual(BUSINESS)
    expect(await planOf()).toBe("business")
  })

  test("is told once, however often Stripe tries it, with the invoice to pay", async () => {
    const { stripeId } = await subscribe(world, team, "business")
    await failRenewal(world, stripeId, { byTime: true })
    await sync(world, team)
    await world.stripe.control.advance(4 * DAY_MS)
    await sync(world, team)
    const { openInvoiceId } = await readCopy(world, team)
    expect(await told()).toMatchObject([
      { data: { plan: "Business", amount: "900.00", invoice_id: openInvoiceId, kind: "renewal" } },
    ])
    expect(await world.db.invoice.count({ where: { teamId: team.id, id: openInvoiceId ?? "" } })).toBe(1)
  })

  test("gives way to one that is paid for anew, even if our clock is behind both", async () => {
    const { stripeId } = await subscribe(world, team, "build")
    await failRenewal(world, stripeId)
    await sync(world, team)
    const { periodStartsAt } = await readCopy(world, team)
    const now = new Date(periodStartsAt.getTime() - 1_500)
    await changeTo(periodAfter(periodStartsAt, 1_000), { beginsAnew: true, raisedAt: null }, now)
    expect(await given()).toMatchObject({ includedNanos: usd(100) })
    expect(await findLedgerFaults(world.db, team.id, pool.poolId)).toEqual([])
  })

  test("isn't raised to a larger plan by the payment for the next one, which Stripe's clock begins first", async () => {
    const { stripeId } = await subscribe(world, team, "build")
    await failRenewal(world, stripeId)
    await sync(world, team)
    const now = await stripeNow(world)
    const { periodEndsAt } = await readCopy(world, team)
    await changeTo(periodAfter(periodEndsAt, 0), { beginsAnew: false, raisedAt: now }, now)
    expect(await given()).toEqual(NOTHING)
    expect(await findLedgerFaults(world.db, team.id, pool.poolId)).toEqual([])
  })

  test("gives nothing to who joins meanwhile, nor to the next period that begins by time", async () => {
    const { stripeId } = await subscribe(world, team, "business")
    await failRenewal(world, stripeId)
    await sync(world, team)
    const { periodEndsAt } = await readCopy(world, team)
    await renew(periodEndsAt)
    expect((await readPool(world.db, pool)).periodStartsAt).toEqual(periodEndsAt)
    expect(await given()).toEqual(NOTHING)
  })

  test("of a period that is over by the time it is paid brings nothing back", async () => {
    const { stripeId } = await subscribe(world, team, "build")
    await failRenewal(world, stripeId)
    await sync(world, team)
    const { openInvoiceId } = await readCopy(world, team)
    await failRenewal(world, stripeId)
    await sync(world, team)
    await stripe().invoices.pay(openInvoiceId ?? "", { payment_method: "pm_card_visa" })
    await sync(world, team)
    expect(await given()).toEqual(NOTHING)
  })

  test("isn’t paid by another invoice that makes the subscription active again", async () => {
    const { stripeId } = await subscribe(world, team, "build")
    await failRenewal(world, stripeId)
    await sync(world, team)
    await world.stripe.control.setSubscriptionStatus(stripeId, "active")
    await changePlanAtStripe(world, stripeId, "max").catch(() => undefined)
    await sync(world, team)
    expect(await readCopy(world, team)).toMatchObject({ periodWithheld: "unpaid" })
    expect(await given()).toEqual(NOTHING)
  })

  test.each(["voidInvoice", "markUncollectible"] as const)("stays unpaid after %s", async (ended) => {
    const { stripeId } = await subscribe(world, team, "business")
    await failRenewal(world, stripeId)
    await sync(world, team)
    const { openInvoiceId } = await readCopy(world, team)
    await stripe().invoices[ended](openInvoiceId ?? "")
    await sync(world, team)
    expect(await given()).toEqual(NOTHING)
  })
})

describe("a team that ends unpaid", () => {
  test.each(["unpaid", "canceled"] as const)("as %s is on free, with free’s allowances", async (end) => {
    const { stripeId } = await subscribe(world, team, "business")
    await failRenewal(world, stripeId)
    await sync(world, team)
    if (end === "canceled") await stripe().subscriptions.cancel(stripeId)
    else await world.stripe.control.setSubscriptionStatus(stripeId, "unpaid")
    await sync(world, team)
    expect(await planOf()).toBe("free")
    expect(await given()).toEqual(FREE)
  })

  test("before anybody heard that it hadn’t paid loses what is unused, and free’s allowance is used up", async () => {
    const { stripeId } = await subscribe(world, team, "business")
    const { periodEndsAt } = await readCopy(world, team)
    await renew(periodEndsAt)
    await failRenewal(world, stripeId, { byTime: true })
    await use(usd(30))
    await stripe().subscriptions.cancel(stripeId)
    await sync(world, team)
    expect(await planOf()).toBe("free")
    expect(await given()).toEqual(NOTHING)
  })

  test("and pays after all has its period, once", async () => {
    const { stripeId } = await subscribe(world, team, "business")
    await failRenewal(world, stripeId)
    await sync(world, team)
    await world.stripe.control.setSubscriptionStatus(stripeId, "unpaid")
    await sync(world, team)
    await payOpenInvoice(world, stripeId)
    for (let n = 0; n < 3; n++) await sync(world, team)
    expect(await planOf()).toBe("business")
    expect(await given()).toEqual(BUSINESS)
  })

  test("having paid its period keeps what is left of it", async () => {
    const { stripeId } = await subscribe(world, team, "business")
    await stripe().subscriptions.cancel(stripeId)
    await sync(world, team)
    expect(await given()).toEqual(BUSINESS)
  })
})

describe("collection that is paused", () => {
  test.each(["keep_as_draft", "mark_uncollectible", "void"] as const)(
    "with %s gives no new period anything, and keeps what was paid",
    async (behavior) => {
      const { stripeId } = await subscribe(world, team, "business")
      await stripe().subscriptions.update(stripeId, { pause_collection: { behavior } })
      await sync(world, team)
      expect(await given()).toEqual(BUSINESS)
      await world.stripe.control.advance(32 * DAY_MS)
      await sync(world, team)
      expect(await readCopy(world, team)).toMatchObject({ isCollectionPaused: true, status: "active" })
      expect(await given()).toEqual(NOTHING)
      expect(await told()).toEqual([])
    },
  )

  test("is known when the next period begins by time", async () => {
    const { stripeId } = await subscribe(world, team, "business")
    await stripe().subscriptions.update(stripeId, { pause_collection: { behavior: "void" } })
    await sync(world, team)
    await renew((await readCopy(world, team)).periodEndsAt)
    expect(await given()).toEqual(NOTHING)
  })

  test("and resumed gives the next period, which is paid", async () => {
    const { stripeId } = await subscribe(world, team, "business")
    await stripe().subscriptions.update(stripeId, { pause_collection: { behavior: "void" } })
    await world.stripe.control.advance(32 * DAY_MS)
    await sync(world, team)
    await stripe().subscriptions.update(stripeId, { pause_collection: "" })
    await sync(world, team)
    expect(await given()).toEqual(NOTHING)
    await world.stripe.control.advance(31 * DAY_MS)
    await sync(world, team)
    expect(await given()).toEqual(BUSINESS)
  })
})

describe("a larger plan whose invoice fails", () => {
  test("adds nothing until it is paid, and takes nothing of what was paid", async () => {
    const { stripeId } = await subscribe(world, team, "build")
    await changePlanAtStripe(world, stripeId, "business", {
      default_payment_method: await failingCard(stripeId),
    })
    await sync(world, team)
    expect(await readCopy(world, team)).toMatchObject({ status: "past_due", periodWithheld: null })
    expect(await given()).toEqual({ includedNanos: usd(20), llmTokens: 5_000_000n })
    expect(await told()).toMatchObject([{ data: { kind: "change" } }])
    await payOpenInvoice(world, stripeId)
    await sync(world, team)
    const { includedNanos, llmTokens } = await given()
    expect(includedNanos).toBeGreaterThan(usd(249))
    expect(llmTokens).toBeGreaterThan(74_900_000n)
  })
})

async function failingCard(stripeId: string): Promise<string> {
  const { customer } = await stripe().subscriptions.retrieve(stripeId)
  return (await stripe().paymentMethods.attach("pm_card_chargeCustomerFail", { customer: String(customer) }))
    .id
}

describe("a first payment", () => {
  test("that isn’t complete begins nothing and withholds nothing of free", async () => {
    await beginUse(world, team)
    expect(await given()).toEqual(FREE)
    const { customerId } = await subscribe(world, team, "build")
    expect(customerId).toContain("cus_")
    expect((await given()).includedNanos).toBe(usd(20))
  })
})
