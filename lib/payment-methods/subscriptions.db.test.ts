import type Stripe from "stripe"
import { afterEach, describe, expect, test } from "vitest"
import { addCard, attachCard, customerOf, methodCtx, readCopy } from "@/dev/testing/payment-methods"
import { createTestTeam, type TestTeam } from "@/dev/testing/teams"
import { testWorld } from "@/dev/testing/world"
import { ConflictError, UnavailableError } from "@/lib/errors"
import { stripeAt } from "@/stand-in/testing"
import { payWithDefault } from "./pay-with-default"
import { removePaymentMethod } from "./remove-payment-method"
import { setDefault } from "./set-default"
import { syncPaymentMethods } from "./sync-payment-methods"

const world = testWorld()
afterEach(() => world.stripe.control.reset())

const stripe = () => stripeAt(world.stripe.url)
const sync = (team: TestTeam) => syncPaymentMethods({ db: world.db, now: new Date() }, team.id)
const choose = (team: TestTeam, paymentMethodId: string) =>
  setDefault(methodCtx(world, team), { paymentMethodId })
const remove = (team: TestTeam, paymentMethodId: string) =>
  removePaymentMethod(methodCtx(world, team), { paymentMethodId })

/** Creates a subscription of the team's customer, with its own payment method if one is given. */
async function subscribe(team: TestTeam, own?: string): Promise<Stripe.Subscription> {
  const product = await stripe().products.create({ name: "A plan of the test" })
  const price = await stripe().prices.create({
    product: product.id,
    currency: "usd",
    unit_amount: 2000,
    recurring: { interval: "month" },
  })
  return stripe().subscriptions.create({
    customer: await customerOf(world, team),
    items: [{ price: price.id }],
    ...(own ? { default_payment_method: own } : {}),
  })
}

async function paidWith({ id }: Stripe.Subscription): Promise<unknown> {
  return (await stripe().subscriptions.retrieve(id)).default_payment_method
}

describe("choosing a default", () => {
  test("also pays subscriptions with it that name another, and leaves those that follow the customer", async () => {
    const team = await createTestTeam(world.db)
    const [first, second] = [await addCard(world, team), await addCard(world, team, "pm_card_mastercard")]
    const [own, following] = [await subscribe(team, first), await subscribe(team)]
    await choose(team, second)
    expect(await paidWith(own)).toBe(second)
    expect(await paidWith(following)).toBeNull()
  })

  test("leaves subscriptions alone that have ended", async () => {
    const team = await createTestTeam(world.db)
    const [first, second] = [await addCard(world, team), await addCard(world, team, "pm_card_mastercard")]
    const ended = await subscribe(team, first)
    await stripe().subscriptions.cancel(ended.id)
    await choose(team, second)
    expect(await paidWith(ended)).toBe(first)
  })

  test("that ends between customer and subscription is finished by the next try, or else by the job", async () => {
    const team = await createTestTeam(world.db)
    const [first, second] = [await addCard(world, team), await addCard(world, team, "pm_card_mastercard")]
    const own = await subscribe(team, first)
    const match = { method: "POST", path: `/v1/subscriptions/${own.id}` } as const
    await world.stripe.control.fault({ match, times: 2, fault: { kind: "reset" } })
    await expect(choose(team, second)).rejects.toThrow(UnavailableError)
    expect(await paidWith(own)).toBe(first)
    await payWithDefault({ db: world.db, now: new Date() }, team.id)
    expect(await paidWith(own)).toBe(second)
    expect((await readCopy(world, team)).defaultId).toBe(second)
  })
})

test("a customer without a default gets the card that pays the subscription already", async () => {
  const team = await createTestTeam(world.db)
  const first = await attachCard(world, team)
  await attachCard(world, team, "pm_card_mastercard")
  await subscribe(team, first.id)
  await sync(team)
  expect((await readCopy(world, team)).defaultId).toBe(first.id)
})

describe("the last payment method", () => {
  test("stays as long as a subscription is paid with it", async () => {
    const team = await createTestTeam(world.db)
    const only = await addCard(world, team)
    const subscription = await subscribe(team)
    await expect(remove(team, only)).rejects.toThrow(ConflictError)
    expect(await readCopy(world, team)).toEqual({ defaultId: only, ids: [only] })
    const other = await addCard(world, team, "pm_card_mastercard")
    await remove(team, only)
    expect(await readCopy(world, team)).toEqual({ defaultId: other, ids: [other] })
    await stripe().subscriptions.cancel(subscription.id)
    await remove(team, other)
    expect(await readCopy(world, team)).toEqual({ defaultId: null, ids: [] })
  })

  test("stays when two people remove the last two at once", async () => {
    const team = await createTestTeam(world.db)
    const [first, second] = [await addCard(world, team), await addCard(world, team, "pm_card_mastercard")]
    await subscribe(team)
    // Neither is gone at Stripe before both decisions are made.
    const match = { method: "POST", path: "/v1/payment_methods/*/detach" } as const
    await world.stripe.control.fault({ match, times: 2, fault: { kind: "hang", ms: 700 } })
    const asked = await Promise.allSettled([remove(team, first), remove(team, second)])
    expect(asked.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"])
    expect(asked.flatMap((each) => (each.status === "rejected" ? [each.reason] : []))).toEqual([
      expect.any(ConflictError),
    ])
    const { ids, defaultId } = await readCopy(world, team)
    expect(ids).toHaveLength(1)
    expect(defaultId).toBe(ids[0])
  })

  test("isn’t removed while nobody can say whether a subscription needs it", async () => {
    const team = await createTestTeam(world.db)
    const only = await addCard(world, team)
    const match = { method: "GET", path: "/v1/subscriptions" } as const
    await world.stripe.control.fault({ match, times: 2, fault: { kind: "reset" } })
    await expect(remove(team, only)).rejects.toThrow(UnavailableError)
    expect((await readCopy(world, team)).ids).toEqual([only])
  })
})
