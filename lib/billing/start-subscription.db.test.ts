import { beforeEach, describe, expect, test } from "vitest"
import { connect, untilWaiting } from "@/dev/testing/sql"
import { askForSubscription, openCheckoutOf, stripeNow, subscribe, sync } from "@/dev/testing/subscriptions"
import { addTestMember, createTestTeam, type TestTeam } from "@/dev/testing/teams"
import { testWorld } from "@/dev/testing/world"
import { ConflictError, ForbiddenError, TooManyAttemptsError } from "@/lib/errors"
import { requirePlanPrices } from "@/lib/stripe/plans"
import { stripeAt } from "@/stand-in/testing"

const world = testWorld()
let team: TestTeam

beforeEach(async () => {
  await world.stripe.control.reset()
  team = await createTestTeam(world.db, { plan: "free" })
})

const ask = async (asked: Parameters<typeof askForSubscription>[2] = {}) =>
  askForSubscription(world, team, { now: await stripeNow(world), ...asked })
const stripe = () => stripeAt(world.stripe.url)
const openSessions = async () => {
  const customer = await world.db.stripeCustomer.findFirstOrThrow({ where: { teamId: team.id } })
  return (await stripe().checkout.sessions.list({ customer: customer.id, status: "open" })).data
}

test("opens a checkout for the plan, at the catalog’s price for each member", async () => {
  const { clientSecret } = await ask({ plan: "max" })
  const [session] = await openSessions()
  expect(session).toMatchObject({ mode: "subscription", client_secret: clientSecret, amount_total: 36_000 })
})

test("asked again it is the same checkout, in twenty tabs at once too", async () => {
  const { clientSecret } = await ask()
  const again = await Promise.all(Array.from({ length: 20 }, () => ask()))
  expect(new Set(again.map((each) => each.clientSecret))).toEqual(new Set([clientSecret]))
  expect(await openSessions()).toHaveLength(1)
})

test("asked for another plan it ends the former checkout first, so that one can be paid", async () => {
  await ask({ plan: "build" })
  await ask({ plan: "max" })
  const sessions = await openSessions()
  expect(sessions).toHaveLength(1)
  expect(sessions[0]?.id).toBe((await openCheckoutOf(world, team)).sessionId)
})

test("twenty for different plans at once leave at most one that can be paid", async () => {
  await ask()
  const plans = ["build", "max", "business"] as const
  await Promise.allSettled(
    Array.from({ length: 20 }, (_, index) => ask({ plan: plans[index % 3] ?? "build" })),
  )
  expect((await openSessions()).length).toBeLessThanOrEqual(1)
})

test("a former checkout whose session is written down in this very moment is ended at Stripe too", async () => {
  await ask({ plan: "build" })
  const { id, sessionId } = await openCheckoutOf(world, team)
  await world.db.subscriptionCheckout.updateMany({ where: { id }, data: { checkoutSessionId: null } })
  const other = await connect(world)
  try {
    await other.query("BEGIN")
    await other.query("UPDATE subscription_checkouts SET checkout_session_id = $1 WHERE id = $2", [
      sessionId,
      id,
    ])
    const asking = ask({ plan: "max" })
    await untilWaiting(other)
    await other.query("COMMIT")
    await asking
  } finally {
    await other.end()
  }
  expect(await openSessions()).toMatchObject([{ amount_total: 36_000 }])
})

test("finds a former checkout that was paid meanwhile, and refuses a second subscription", async () => {
  await ask({ plan: "build" })
  await world.stripe.control.pay((await openCheckoutOf(world, team)).sessionId)
  await expect(ask({ plan: "max" })).rejects.toThrow(ConflictError)
  expect(await openSessions()).toEqual([])
  expect((await world.db.team.findUniqueOrThrow({ where: { id: team.id } })).plan).toBe("build")
})

describe("refuses", () => {
  test("a second subscription, whatever its plan", async () => {
    await subscribe(world, team, "build")
    for (const plan of ["build", "max"] as const)
      await expect(ask({ plan })).rejects.toThrow("already has a subscription")
  })

  test("an Admin, a Member and somebody of another team", async () => {
    const other = await createTestTeam(world.db)
    for (const actor of [team.admin, team.member, other.owner])
      await expect(ask({ actor })).rejects.toThrow(ForbiddenError)
    expect(await world.db.subscriptionCheckout.count({ where: { teamId: team.id } })).toBe(0)
  })

  test("a total that isn’t the team’s any more", async () => {
    await addTestMember(world.db, { teamId: team.id, plan: "free", role: "MEMBER" })
    await expect(ask({ quantity: 3 })).rejects.toThrow("4 members by now")
    await ask({ quantity: 4 })
  })

  test.each(["business", "enterprise"] as const)("a team that the operator set on %s", async (plan) => {
    await world.db.team.update({ where: { id: team.id }, data: { plan } })
    await expect(ask({ plan: "max" })).rejects.toThrow(ConflictError)
    await world.db.team.update({ where: { id: team.id }, data: { plan: "free" } })
  })

  test("somebody who opens one checkout after the other", async () => {
    const plans = ["build", "max"] as const
    const now = await stripeNow(world)
    const first = async () => {
      for (let index = 0; index < 16; index++) await ask({ plan: plans[index % 2] ?? "build", now })
    }
    await expect(first()).rejects.toThrow(TooManyAttemptsError)
  })
})

describe("with Stripe in trouble", () => {
  const breakOnce = (path: string) =>
    world.stripe.control.fault({
      match: { method: "POST", path },
      times: 2,
      fault: { kind: "status", status: 500 },
    })

  test("an outage is told and leaves a way to try again", async () => {
    await breakOnce("/v1/checkout/sessions")
    await expect(ask()).rejects.toThrow("Stripe can’t be reached right now. Nothing was charged.")
    const { clientSecret } = await ask()
    expect((await openSessions()).map((session) => session.client_secret)).toContain(clientSecret)
  })

  test("a customer that was deleted there is replaced with the next try", async () => {
    await ask({ plan: "max" })
    const old = await world.db.stripeCustomer.findFirstOrThrow({ where: { teamId: team.id } })
    await stripe().customers.del(old.id)
    await expect(ask({ plan: "build" })).rejects.toThrow("Stripe doesn’t know your team any more.")
    await ask({ plan: "build" })
    const customers = await world.db.stripeCustomer.findMany({ where: { teamId: team.id, replacedAt: null } })
    expect(customers.map(({ id }) => id)).not.toContain(old.id)
    expect(customers).toHaveLength(1)
  })
})

test("prices are made once, by however many at once, and anew when the catalog’s amount isn’t theirs", async () => {
  const all = await Promise.all(Array.from({ length: 10 }, () => requirePlanPrices()))
  expect(new Set(all.map((prices) => prices.map(({ priceId }) => priceId).join())).size).toBe(1)
  const build = all[0]?.find(({ plan }) => plan === "build")
  const dearer = await stripe().prices.create({
    product: build?.productId,
    currency: "usd",
    unit_amount: 9_900,
    recurring: { interval: "month" },
    lookup_key: "credits_build_monthly",
    transfer_lookup_key: true,
  })
  const after = (await requirePlanPrices()).find(({ plan }) => plan === "build")
  expect(after?.priceId).not.toBe(dearer.id)
  expect(await stripe().prices.retrieve(after?.priceId ?? "")).toMatchObject({ unit_amount: 2_500 })
})

test("a subscription to something that the catalog doesn’t sell gives no plan", async () => {
  await ask()
  const customer = await world.db.stripeCustomer.findFirstOrThrow({ where: { teamId: team.id } })
  const price = await stripe().prices.create({
    currency: "usd",
    unit_amount: 100,
    recurring: { interval: "month" },
    product_data: { name: "Something else" },
  })
  const method = await stripe().paymentMethods.attach("pm_card_visa", { customer: customer.id })
  await stripe().subscriptions.create({
    customer: customer.id,
    items: [{ price: price.id }],
    default_payment_method: method.id,
  })
  await sync(world, team)
  expect((await world.db.team.findUniqueOrThrow({ where: { id: team.id } })).plan).toBe("free")
})
