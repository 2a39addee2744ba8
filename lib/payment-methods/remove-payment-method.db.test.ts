import { afterEach, describe, expect, test } from "vitest"
import { enableTopUp } from "@/dev/testing/auto-top-up"
import {
  addCard,
  attachCard,
  customerOf,
  methodCtx,
  readAtStripe,
  readCopy,
} from "@/dev/testing/payment-methods"
import { crashAfter } from "@/dev/testing/purchases"
import { createTestTeam, type TestTeam } from "@/dev/testing/teams"
import { testWorld } from "@/dev/testing/world"
import { ForbiddenError, UnavailableError } from "@/lib/errors"
import { stripeAt } from "@/stand-in/testing"
import { PaymentMethodNotFoundError } from "./errors"
import { listPaymentMethods } from "./queries"
import { removePaymentMethod } from "./remove-payment-method"
import { setDefault } from "./set-default"
import { syncPaymentMethods } from "./sync-payment-methods"

const world = testWorld()
afterEach(() => world.stripe.control.reset())

const remove = (team: TestTeam, paymentMethodId: string, asked: Parameters<typeof methodCtx>[2] = {}) =>
  removePaymentMethod(methodCtx(world, team, asked), { paymentMethodId })

async function expectLeft(team: TestTeam, ids: string[], defaultId: string | null): Promise<void> {
  const left = { defaultId, ids: [...ids].sort() }
  expect(await readAtStripe(world, team)).toEqual(left)
  expect(await readCopy(world, team)).toEqual(left)
}

describe("a payment method that is removed", () => {
  test.each(["owner", "admin"] as const)("by the %s is gone at Stripe and here", async (role) => {
    const team = await createTestTeam(world.db)
    const [first, second] = [await addCard(world, team), await addCard(world, team, "pm_card_mastercard")]
    await remove(team, second, { actor: team[role] })
    await expectLeft(team, [first], first)
  })

  test("as the default leaves that to the newest one that works", async () => {
    const team = await createTestTeam(world.db)
    const first = await addCard(world, team)
    const expired = await attachCard(world, team, "pm_card_amex")
    await world.stripe.control.expireCard(expired.id)
    const third = await addCard(world, team, "pm_card_mastercard")
    await remove(team, first)
    await expectLeft(team, [expired.id, third], third)
  })

  test("goes with every other copy of the same card, whichever of them is the default", async () => {
    const team = await createTestTeam(world.db)
    const other = await addCard(world, team, "pm_card_mastercard")
    await addCard(world, team)
    const copy = await addCard(world, team)
    await setDefault(methodCtx(world, team), { paymentMethodId: copy })
    const shown = await listPaymentMethods(world.db, team.id, new Date())
    expect(shown.map(({ id, isDefault }) => [id, isDefault])).toEqual([
      [copy, true],
      [other, false],
    ])
    await remove(team, copy)
    await expectLeft(team, [other], other)
  })

  test("is the last one although there are copies of it, and stays while auto top-up relies on it", async () => {
    const team = await createTestTeam(world.db)
    const [first] = [await addCard(world, team), await addCard(world, team)]
    await enableTopUp(world, team)
    await expect(remove(team, first)).rejects.toThrow("turn auto top-up off first")
  })

  test("as the only one leaves none, where nothing relies on it", async () => {
    const team = await createTestTeam(world.db)
    await remove(team, await addCard(world, team))
    await expectLeft(team, [], null)
  })

  test("twenty times at once goes once, and nobody is told of a failure that wasn’t", async () => {
    const team = await createTestTeam(world.db)
    const [first, second] = [await addCard(world, team), await addCard(world, team, "pm_card_mastercard")]
    const asked = await Promise.allSettled(Array.from({ length: 20 }, () => remove(team, first)))
    const refused = asked.flatMap((each) => (each.status === "rejected" ? [each.reason] : []))
    expect(refused.filter((error) => !(error instanceof PaymentMethodNotFoundError))).toEqual([])
    expect(refused.length).toBeLessThan(20)
    await expectLeft(team, [second], second)
  })

  test("again is not found", async () => {
    const team = await createTestTeam(world.db)
    const [first, second] = [await addCard(world, team), await addCard(world, team, "pm_card_mastercard")]
    await remove(team, second)
    await expect(remove(team, second)).rejects.toThrow(PaymentMethodNotFoundError)
    await expectLeft(team, [first], first)
  })

  test("that is gone at Stripe already is gone here too", async () => {
    const team = await createTestTeam(world.db)
    const [first, second] = [await addCard(world, team), await addCard(world, team, "pm_card_mastercard")]
    await stripeAt(world.stripe.url).paymentMethods.detach(second)
    await remove(team, second)
    await expectLeft(team, [first], first)
  })

  test("is gone although Stripe couldn’t be read afterwards", async () => {
    const team = await createTestTeam(world.db)
    const [first, second] = [await addCard(world, team), await addCard(world, team, "pm_card_mastercard")]
    const path = `/v1/customers/${await customerOf(world, team)}`
    await world.stripe.control.fault({ match: { method: "GET", path }, times: 2, fault: { kind: "reset" } })
    await remove(team, second)
    await expectLeft(team, [first], first)
  })
})

describe("a crash", () => {
  test("before Stripe was asked leaves the payment method, to be removed again", async () => {
    const team = await createTestTeam(world.db)
    const [first, second] = [await addCard(world, team), await addCard(world, team, "pm_card_mastercard")]
    await expect(remove(team, second, { db: crashAfter(world.db, 1) })).rejects.toThrow("ended here")
    await expectLeft(team, [first, second], first)
    await remove(team, second)
    await expectLeft(team, [first], first)
  })

  test("after it was gone at Stripe is made good by the next read", async () => {
    const team = await createTestTeam(world.db)
    const [first, second] = [await addCard(world, team), await addCard(world, team, "pm_card_mastercard")]
    await expect(remove(team, second, { db: crashAfter(world.db, 2) })).rejects.toThrow("ended here")
    expect((await readAtStripe(world, team)).ids).toEqual([first])
    await syncPaymentMethods({ db: world.db, now: new Date() }, team.id)
    await expectLeft(team, [first], first)
  })
})

describe("removing is refused", () => {
  test("to a Member, and to a person of another team", async () => {
    const team = await createTestTeam(world.db)
    const [other, first] = [await createTestTeam(world.db), await addCard(world, team)]
    const { count } = await world.stripe.control.requests()
    for (const actor of [team.member, other.owner])
      await expect(remove(team, first, { actor })).rejects.toThrow(ForbiddenError)
    expect((await world.stripe.control.requests()).count).toBe(count)
    await expectLeft(team, [first], first)
  })

  test("for another team’s payment method, without asking Stripe", async () => {
    const [team, other] = [await createTestTeam(world.db), await createTestTeam(world.db)]
    const [own, foreign] = [await addCard(world, team), await addCard(world, other)]
    const { count } = await world.stripe.control.requests()
    for (const id of [foreign, "pm_nobody_knows"])
      await expect(remove(team, id)).rejects.toThrow(PaymentMethodNotFoundError)
    expect((await world.stripe.control.requests()).count).toBe(count)
    await expectLeft(team, [own], own)
    await expectLeft(other, [foreign], foreign)
  })

  test.each([{ kind: "reset" }, { kind: "status", status: 500 }] as const)(
    "while Stripe is down (%o), changes nothing, and works afterwards",
    async (fault) => {
      const team = await createTestTeam(world.db)
      const [first, second] = [await addCard(world, team), await addCard(world, team, "pm_card_mastercard")]
      const match = { method: "POST", path: `/v1/payment_methods/${second}/detach` } as const
      await world.stripe.control.fault({ match, times: 2, fault })
      await expect(remove(team, second)).rejects.toThrow(UnavailableError)
      await expectLeft(team, [first, second], first)
      expect(
        await world.db.paymentMethod.count({ where: { teamId: team.id, removingAt: { not: null } } }),
      ).toBe(0)
      await remove(team, second)
      await expectLeft(team, [first], first)
    },
  )
})
