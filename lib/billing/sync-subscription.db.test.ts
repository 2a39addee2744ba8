import { beforeEach, describe, expect, test } from "vitest"
import { watchAlarms } from "@/dev/testing/alarms"
import { readEntries, readPool, type TestPool, usd } from "@/dev/testing/ledger"
import {
  askForSubscription,
  beforeWriting,
  beginUse,
  changePlanAtStripe,
  openCheckoutOf,
  payForPlan,
  readCopy,
  stripeNow,
  subscribe,
  sync,
} from "@/dev/testing/subscriptions"
import { createTestTeam, type TestTeam } from "@/dev/testing/teams"
import { testWorld } from "@/dev/testing/world"
import { DAY_MS } from "@/lib/clock"
import type { Plan } from "@/lib/db/generated/enums"
import { queryIn } from "@/lib/db/query"
import { UnavailableError } from "@/lib/errors"
import { stripeAt } from "@/stand-in/testing"
import { renewPool } from "./renew-pool"

const world = testWorld()
const alarms = watchAlarms()
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
const grantsOfPlan = async () =>
  (await readEntries(world.db, pool)).filter(({ kind }) => kind === "included_grant").length
const allowance = async (consumable: string) => {
  const { periodStartsAt } = await readPool(world.db, pool)
  const where = { ...pool, consumable, periodStartsAt: periodStartsAt ?? new Date(0) }
  return (await world.db.allowance.findFirst({ where }))?.granted
}
const renew = async (now: Date) => world.db.$transaction((tx) => renewPool(queryIn(tx), pool, now))
const setPlan = (plan: Plan) => world.db.team.update({ where: { id: team.id }, data: { plan } })

describe("subscribing from free", () => {
  test("ends the free period and begins the paid one, with all that it gives, in every pool", async () => {
    await beginUse(world, team)
    await beginUse(world, team, team.member)
    await subscribe(world, team, "build")
    const copy = await readCopy(world, team)
    expect(copy).toMatchObject({ plan: "build", status: "active", quantity: 3, othersLive: 0 })
    expect(await planOf()).toBe("build")
    for (const { poolId } of [team.owner, team.member]) {
      const now = await readPool(world.db, { teamId: team.id, poolId })
      expect(now).toMatchObject({ includedNanos: usd(20), periodEndsAt: copy.periodEndsAt })
    }
    expect(await periods()).toEqual([{ plan: "free" }, { plan: "build" }])
    expect(await allowance("sms")).toBe(100n)
  })

  test("gives what was paid for to pools that nobody has used yet, in every pool of a member and at once", async () => {
    await subscribe(world, team, "max")
    expect(await periods()).toEqual([{ plan: "max" }])
    expect(await includedLeft()).toBe(usd(100))
    expect((await readPool(world.db, { teamId: team.id, poolId: team.member.poolId })).includedNanos).toBe(
      usd(100),
    )
    await beginUse(world, team)
    expect(await grantsOfPlan()).toBe(1)
  })

  test("happens once, however many read it at once and renew beside it", async () => {
    await beginUse(world, team)
    await payForPlan(world, team)
    const now = await stripeNow(world)
    await Promise.all([
      ...Array.from({ length: 10 }, () => sync(world, team)),
      ...Array.from({ length: 10 }, () => renew(now)),
    ])
    await sync(world, team)
    expect(await grantsOfPlan()).toBe(1)
    expect(await includedLeft()).toBe(usd(20))
  })

  test("leaves nothing done by half when the process ends before the write", async () => {
    await beginUse(world, team)
    await payForPlan(world, team)
    const ends = beforeWriting(world.db, () => Promise.reject(new Error("The process ended here")))
    await expect(sync(world, team, ends)).rejects.toThrow("The process ended here")
    expect(await planOf()).toBe("free")
    await sync(world, team)
    expect(await planOf()).toBe("build")
    expect(await grantsOfPlan()).toBe(1)
  })
})

describe("a larger plan within the period", () => {
  test("gives its allowances and the difference of included credits, once", async () => {
    await beginUse(world, team)
    const { stripeId } = await subscribe(world, team, "build")
    await changePlanAtStripe(world, stripeId, "max")
    await Promise.all(Array.from({ length: 10 }, () => sync(world, team)))
    expect(await planOf()).toBe("max")
    // Nearly the whole period is left: $20 and nearly all of another $80.
    const left = await includedLeft()
    expect(left).toBeGreaterThan(usd(99.9))
    expect(left).toBeLessThanOrEqual(usd(100))
    expect(await allowance("sms")).toBeGreaterThanOrEqual(499n)
    expect(await allowance("sms")).toBeLessThanOrEqual(500n)
    expect(await grantsOfPlan()).toBe(2)
  })

  test("goes by when it was charged, not by when we heard of it", async () => {
    await beginUse(world, team)
    const { stripeId } = await subscribe(world, team, "build")
    await changePlanAtStripe(world, stripeId, "max")
    await world.stripe.control.advance(10 * DAY_MS)
    await sync(world, team)
    expect(await includedLeft()).toBeGreaterThan(usd(99.9))
  })

  test("that was left and taken again gives nothing twice, and a still larger one only what it adds", async () => {
    await beginUse(world, team)
    const { stripeId } = await subscribe(world, team, "build")
    for (const plan of ["max", "build", "max", "build", "business"] as const) {
      await changePlanAtStripe(world, stripeId, plan)
      await sync(world, team)
    }
    const left = await includedLeft()
    expect(left).toBeGreaterThan(usd(249.5))
    expect(left).toBeLessThanOrEqual(usd(250))
    expect(await planOf()).toBe("business")
  })

  test("takes nothing back when the plan becomes smaller, but the plan is the smaller one at once", async () => {
    await beginUse(world, team)
    const { stripeId } = await subscribe(world, team, "max")
    await changePlanAtStripe(world, stripeId, "build")
    await sync(world, team)
    expect(await planOf()).toBe("build")
    expect(await includedLeft()).toBe(usd(100))
    expect(await allowance("sms")).toBe(500n)
  })
})

describe("nobody loses a plan for what Stripe doesn’t know", () => {
  test("a team that never subscribed keeps what the operator set", async () => {
    await setPlan("business")
    await sync(world, team)
    expect(await planOf()).toBe("business")
  })

  test("a checkout that was left unpaid changes nothing", async () => {
    await askForSubscription(world, team, { now: await stripeNow(world) })
    await openCheckoutOf(world, team)
    await sync(world, team)
    expect(await planOf()).toBe("free")
    expect(await world.db.subscription.count({ where: { teamId: team.id } })).toBe(0)
  })

  test("Enterprise stays, whatever becomes of an old subscription", async () => {
    const { stripeId } = await subscribe(world, team, "build")
    await setPlan("enterprise")
    await sync(world, team)
    expect(await planOf()).toBe("enterprise")
    await stripe().subscriptions.cancel(stripeId)
    await sync(world, team)
    expect(await planOf()).toBe("enterprise")
    await setPlan("free")
  })

  test("an outage is an error, and changes nothing", async () => {
    await subscribe(world, team, "build")
    await world.stripe.control.fault({
      match: { path: "/v1/subscriptions" },
      times: 4,
      fault: { kind: "status", status: 500 },
    })
    await expect(sync(world, team)).rejects.toThrow(UnavailableError)
    expect(await planOf()).toBe("build")
  })

  test("a subscription that has vanished with its customer raises an alarm and stays", async () => {
    await subscribe(world, team, "build")
    await world.db.stripeCustomer.updateMany({ where: { teamId: team.id }, data: { replacedAt: new Date() } })
    await world.db.subscription.update({ where: { teamId: team.id }, data: { stripeId: "sub_of_another" } })
    await sync(world, team)
    expect(await planOf()).toBe("build")
    expect(alarms.codes()).toContain("subscription_vanished")
  })
})

test("the newer of two subscriptions counts, with an alarm, and nothing is given twice", async () => {
  await beginUse(world, team)
  const { customerId, stripeId } = await subscribe(world, team, "build")
  const item = (await stripe().subscriptions.retrieve(stripeId)).items.data[0]
  await world.stripe.control.advance(5_000)
  const method = await stripe().paymentMethods.attach("pm_card_visa", { customer: customerId })
  const second = await stripe().subscriptions.create({
    customer: customerId,
    items: [{ price: item?.price.id, quantity: 3 }],
    default_payment_method: method.id,
  })
  await sync(world, team)
  await sync(world, team)
  expect(await readCopy(world, team)).toMatchObject({ stripeId: second.id, othersLive: 1 })
  expect(alarms.codes()).toContain("second_subscription")
  expect(await grantsOfPlan()).toBe(1)
  await stripe().subscriptions.cancel(second.id)
  await sync(world, team)
  expect(await readCopy(world, team)).toMatchObject({ stripeId, othersLive: 0 })
  expect(await grantsOfPlan()).toBe(1)
  expect(await planOf()).toBe("build")
})
