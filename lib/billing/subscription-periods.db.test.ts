import { beforeEach, describe, expect, test } from "vitest"
import { readPool, type TestPool, usd } from "@/dev/testing/ledger"
import {
  beforeWriting,
  beginUse,
  changePlanAtStripe,
  readCopy,
  stripeNow,
  subscribe,
  sync,
} from "@/dev/testing/subscriptions"
import { createTestTeam, type TestTeam } from "@/dev/testing/teams"
import { testWorld } from "@/dev/testing/world"
import { DAY_MS } from "@/lib/clock"
import { queryIn } from "@/lib/db/query"
import { syncDueSubscriptions } from "@/lib/jobs/sync-due-subscriptions"
import { stripeAt } from "@/stand-in/testing"
import { renewPool } from "./renew-pool"

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
const includedLeft = async () => (await readPool(world.db, pool)).includedNanos
const periods = () =>
  world.db.period.findMany({ where: pool, orderBy: { startsAt: "asc" }, select: { plan: true } })
const renew = async (now: Date) => world.db.$transaction((tx) => renewPool(queryIn(tx), pool, now))

describe("renewal", () => {
  test("begins one period, whether time, the job or the event comes first, and however often", async () => {
    await beginUse(world, team)
    await subscribe(world, team, "build")
    const { periodEndsAt } = await readCopy(world, team)
    await renew(periodEndsAt)
    await world.stripe.control.advance(32 * DAY_MS)
    const now = await stripeNow(world)
    await Promise.all([
      ...Array.from({ length: 10 }, () => renew(now)),
      ...Array.from({ length: 5 }, () => sync(world, team)),
      syncDueSubscriptions({ db: world.db, now }),
    ])
    expect(await periods()).toEqual([{ plan: "free" }, { plan: "build" }, { plan: "build" }])
    expect(await includedLeft()).toBe(usd(20))
    expect((await readCopy(world, team)).periodStartsAt).toEqual(periodEndsAt)
  })

  test("goes on by time while Stripe can’t be asked, for three days", async () => {
    await beginUse(world, team)
    await subscribe(world, team, "build")
    const { periodEndsAt } = await readCopy(world, team)
    await world.stripe.control.fault({
      match: { path: "/v1/subscriptions" },
      times: 20,
      fault: { kind: "status", status: 500 },
    })
    await syncDueSubscriptions({ db: world.db, now: periodEndsAt })
    await renew(new Date(periodEndsAt.getTime() + 3 * DAY_MS))
    expect(await periods()).toHaveLength(2)
    await renew(new Date(periodEndsAt.getTime() + 3 * DAY_MS - 1))
    expect(await periods()).toHaveLength(3)
  })

  test("on a smaller plan waits for Stripe, and then begins as the smaller one", async () => {
    await beginUse(world, team)
    const { stripeId } = await subscribe(world, team, "max")
    await world.db.subscription.update({
      where: { teamId: team.id },
      data: { hasScheduledChange: true, nextPlan: "build" },
    })
    const { periodEndsAt } = await readCopy(world, team)
    await renew(periodEndsAt)
    expect(await periods()).toHaveLength(2)
    await world.stripe.control.advance(32 * DAY_MS)
    await changePlanAtStripe(world, stripeId, "build", { proration_behavior: "none" })
    await syncDueSubscriptions({ db: world.db, now: await stripeNow(world) })
    expect(await periods()).toEqual([{ plan: "free" }, { plan: "max" }, { plan: "build" }])
    expect(await includedLeft()).toBe(usd(20))
  })
})

describe("the end of a subscription", () => {
  test("at the period’s end leaves the period as it was, and free follows", async () => {
    await beginUse(world, team)
    const { stripeId } = await subscribe(world, team, "build")
    await stripe().subscriptions.update(stripeId, { cancel_at_period_end: true })
    await sync(world, team)
    const { cancelAt, periodEndsAt } = await readCopy(world, team)
    expect(cancelAt).toEqual(periodEndsAt)
    expect(await planOf()).toBe("build")
    await world.stripe.control.advance(32 * DAY_MS)
    const now = await stripeNow(world)
    await syncDueSubscriptions({ db: world.db, now })
    await renew(now)
    expect(await planOf()).toBe("free")
    expect(await periods()).toEqual([{ plan: "free" }, { plan: "build" }, { plan: "free" }])
    expect(await includedLeft()).toBe(0n)
  })

  test("comes by time when Stripe can’t be asked", async () => {
    await beginUse(world, team)
    const { stripeId } = await subscribe(world, team, "build")
    await stripe().subscriptions.update(stripeId, { cancel_at_period_end: true })
    await sync(world, team)
    const { periodEndsAt: now } = await readCopy(world, team)
    await world.stripe.control.fault({
      match: { path: "/v1/subscriptions" },
      times: 20,
      fault: { kind: "status", status: 500 },
    })
    await syncDueSubscriptions({ db: world.db, now })
    await renew(now)
    expect(await planOf()).toBe("free")
    expect((await periods()).at(-1)).toEqual({ plan: "free" })
  })

  test("at once changes the plan at once and takes nothing of the period back", async () => {
    await beginUse(world, team)
    const { stripeId } = await subscribe(world, team, "build")
    await stripe().subscriptions.cancel(stripeId)
    await sync(world, team)
    expect(await readCopy(world, team)).toMatchObject({ status: "canceled" })
    expect(await planOf()).toBe("free")
    expect(await includedLeft()).toBe(usd(20))
  })

  test("isn’t undone by a read that began before it", async () => {
    await beginUse(world, team)
    const { stripeId } = await subscribe(world, team, "build")
    const late = beforeWriting(world.db, async () => {
      await stripe().subscriptions.cancel(stripeId)
      await sync(world, team)
    })
    await sync(world, team, late)
    expect(await readCopy(world, team)).toMatchObject({ status: "canceled" })
    expect(await planOf()).toBe("free")
  })

  test("lets the team subscribe again, which begins another period", async () => {
    await beginUse(world, team)
    const { stripeId } = await subscribe(world, team, "build")
    await stripe().subscriptions.cancel(stripeId)
    await sync(world, team)
    await world.stripe.control.advance(2 * DAY_MS)
    await subscribe(world, team, "max")
    expect(await planOf()).toBe("max")
    expect(await includedLeft()).toBe(usd(100))
  })
})
