import { randomUUID } from "node:crypto"
import { afterEach, describe, expect, test } from "vitest"
import { addCard, customerOf, methodCtx, readAtStripe, readCopy } from "@/dev/testing/payment-methods"
import { crashAfter } from "@/dev/testing/purchases"
import { createTestTeam, type TestMember, type TestTeam } from "@/dev/testing/teams"
import { testWorld } from "@/dev/testing/world"
import { ForbiddenError, NotFoundError, TooManyAttemptsError, UnavailableError } from "@/lib/errors"
import { stripeAt } from "@/stand-in/testing"
import { PaymentMethodNotFoundError } from "./errors"
import { finishAdding } from "./finish-adding"
import { startAdding } from "./start-adding"

const world = testWorld()
afterEach(() => world.stripe.control.reset())

const SETUPS = { method: "POST", path: "/v1/setup_intents" } as const
const stripe = () => stripeAt(world.stripe.url)

type Asked = Parameters<typeof methodCtx>[2] & { key?: string }

/** Asks for the form and returns the id of its SetupIntent. */
async function start(team: TestTeam, { key = randomUUID(), ...asked }: Asked = {}): Promise<string> {
  const { clientSecret } = await startAdding(methodCtx(world, team, asked), { requestKey: key })
  return clientSecret.split("_secret_")[0] ?? ""
}

async function fillIn(setupIntentId: string, card = "pm_card_visa"): Promise<string> {
  const { payment_method } = await stripe().setupIntents.confirm(setupIntentId, { payment_method: card })
  return String(payment_method)
}

const finish = (
  team: TestTeam,
  setupIntentId: string,
  more: { actor?: TestMember; makeDefault?: boolean } = {},
) => finishAdding(methodCtx(world, team, more), { setupIntentId, makeDefault: more.makeDefault ?? false })

async function countSetups(team: TestTeam): Promise<number> {
  const { data } = await stripe().setupIntents.list({ customer: await customerOf(world, team), limit: 100 })
  return data.length
}

describe("the form for a card", () => {
  test.each(["owner", "admin"] as const)(
    "is opened for the %s, for cards that are charged later",
    async (role) => {
      const team = await createTestTeam(world.db)
      const id = await start(team, { actor: team[role] })
      expect(await stripe().setupIntents.retrieve(id)).toMatchObject({
        customer: await customerOf(world, team),
        usage: "off_session",
        allowed_payment_method_types: ["card"],
        status: "requires_payment_method",
      })
    },
  )

  test("is the same for the same request, twice and twelve times at once", async () => {
    const team = await createTestTeam(world.db)
    const key = randomUUID()
    const first = await start(team, { key })
    const again = await Promise.all(Array.from({ length: 12 }, () => start(team, { key })))
    expect(new Set([first, ...again]).size).toBe(1)
    expect(await countSetups(team)).toBe(1)
  })

  test.each([
    ["a Member", (team: TestTeam) => team.member],
    ["another team’s Owner", (_: TestTeam, other: TestTeam) => other.owner],
  ])("is refused to %s before Stripe is asked", async (_, choose) => {
    const [team, other] = [await createTestTeam(world.db), await createTestTeam(world.db)]
    const { count } = await world.stripe.control.requests()
    await expect(start(team, { actor: choose(team, other) })).rejects.toThrow(ForbiddenError)
    expect((await world.stripe.control.requests()).count).toBe(count)
    expect(await world.db.stripeCustomer.count({ where: { teamId: team.id } })).toBe(0)
  })

  test("is refused in a flood, and Stripe is asked no more often than the limit", async () => {
    const team = await createTestTeam(world.db)
    const attempts = await Promise.allSettled(Array.from({ length: 60 }, () => start(team)))
    const refused = attempts.flatMap((attempt) => (attempt.status === "rejected" ? [attempt.reason] : []))
    expect(refused.filter((error) => !(error instanceof TooManyAttemptsError))).toEqual([])
    // A window may end while the test runs.
    const opened = await countSetups(team)
    expect([15, 30]).toContain(opened)
    expect(refused).toHaveLength(60 - opened)
  })

  test("can’t be opened while Stripe is down, and can afterwards", async () => {
    const team = await createTestTeam(world.db)
    const key = randomUUID()
    await world.stripe.control.fault({ match: SETUPS, times: 9, fault: { kind: "reset" } })
    await expect(start(team, { key })).rejects.toThrow(UnavailableError)
    await world.stripe.control.clearFaults()
    await start(team, { key })
    expect(await countSetups(team)).toBe(1)
  })

  test("is opened for a new customer when the old one is gone at Stripe", async () => {
    const team = await createTestTeam(world.db)
    const gone = await customerOf(world, team)
    await stripe().customers.del(gone)
    const id = await start(team)
    const { customer } = await stripe().setupIntents.retrieve(id)
    expect(customer).not.toBe(gone)
    expect(customer).toBe(await customerOf(world, team))
  })
})

describe("a card that was added", () => {
  test("is in the copy, and the default because it is the first", async () => {
    const team = await createTestTeam(world.db)
    const setup = await start(team)
    const card = await fillIn(setup)
    expect(await finish(team, setup)).toMatchObject({
      status: "saved",
      name: "Visa •••• 4242",
      isDefault: true,
    })
    expect(await readCopy(world, team)).toEqual({ defaultId: card, ids: [card] })
    expect(await readAtStripe(world, team)).toEqual({ defaultId: card, ids: [card] })
  })

  test("leaves the default as it is, unless it was asked to be it", async () => {
    const team = await createTestTeam(world.db)
    const first = await addCard(world, team)
    const second = await start(team)
    await fillIn(second, "pm_card_mastercard")
    expect(await finish(team, second)).toMatchObject({ name: "Mastercard •••• 4444", isDefault: false })
    expect((await readCopy(world, team)).defaultId).toBe(first)
    const third = await start(team)
    const card = await fillIn(third, "pm_card_amex")
    expect(await finish(team, third, { makeDefault: true })).toMatchObject({ isDefault: true })
    expect((await readAtStripe(world, team)).defaultId).toBe(card)
    expect((await readCopy(world, team)).defaultId).toBe(card)
  })

  test("is one card, whether that is said twice or twenty times at once", async () => {
    const team = await createTestTeam(world.db)
    const setup = await start(team)
    const card = await fillIn(setup)
    const answers = await Promise.all(Array.from({ length: 20 }, () => finish(team, setup)))
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1)
    expect(await readCopy(world, team)).toEqual({ defaultId: card, ids: [card] })
  })

  test("isn’t there before the form is filled in, nor after the card was declined", async () => {
    const team = await createTestTeam(world.db)
    const setup = await start(team)
    expect(await finish(team, setup)).toEqual({ status: "not_saved" })
    await expect(fillIn(setup, "pm_card_visa_chargeDeclined")).rejects.toThrow("declined")
    expect(await finish(team, setup)).toEqual({ status: "not_saved" })
    expect((await readCopy(world, team)).ids).toEqual([])
  })

  test("is said to be saved though the copy waits for Stripe", async () => {
    const team = await createTestTeam(world.db)
    const setup = await start(team)
    const card = await fillIn(setup)
    const path = `/v1/customers/${await customerOf(world, team)}`
    await world.stripe.control.fault({ match: { method: "GET", path }, times: 2, fault: { kind: "reset" } })
    expect(await finish(team, setup)).toMatchObject({ status: "saved", name: null, isDefault: false })
    expect(await finish(team, setup)).toMatchObject({ status: "saved", isDefault: true })
    expect((await readCopy(world, team)).ids).toEqual([card])
  })

  test("isn’t lost when the process ends before it is written down", async () => {
    const team = await createTestTeam(world.db)
    const setup = await start(team)
    await fillIn(setup)
    const ctx = methodCtx(world, team, { db: crashAfter(world.db, 1) })
    await expect(finishAdding(ctx, { setupIntentId: setup, makeDefault: false })).rejects.toThrow(
      "ended here",
    )
    expect((await readCopy(world, team)).ids).toEqual([])
    expect(await finish(team, setup)).toMatchObject({ status: "saved", isDefault: true })
  })

  test("stands in the copy and in the audit log at once, and once if it is finished twice at once", async () => {
    const team = await createTestTeam(world.db)
    const setup = await start(team)
    await fillIn(setup)
    const events = () =>
      world.db.auditEvent.count({ where: { teamId: team.id, kind: "payment_method.added" } })
    // The process ends as soon as the copy is written.
    const ctx = methodCtx(world, team, { db: crashAfter(world.db, 2) })
    await finishAdding(ctx, { setupIntentId: setup, makeDefault: false }).catch(() => undefined)
    expect([(await readCopy(world, team)).ids.length, await events()]).toEqual([1, 1])
    const other = await start(team)
    await fillIn(other, "pm_card_mastercard")
    await Promise.all([1, 2, 3].map(() => finish(team, other)))
    expect(await events()).toBe(2)
  })

  test("of another team is not found, and nothing is written for either", async () => {
    const [team, other] = [await createTestTeam(world.db), await createTestTeam(world.db)]
    const foreign = await start(other)
    await fillIn(foreign)
    await addCard(world, team)
    const before = await readCopy(world, team)
    await expect(finish(team, foreign, { makeDefault: true })).rejects.toThrow(PaymentMethodNotFoundError)
    await expect(finish(team, "seti_nobody_knows")).rejects.toThrow(PaymentMethodNotFoundError)
    expect(await readCopy(world, team)).toEqual(before)
    expect((await readCopy(world, other)).ids).toEqual([])
    expect(new PaymentMethodNotFoundError()).toMatchObject({ code: new NotFoundError().code, status: 404 })
  })

  test("of nobody we know is not found by a team that has no customer yet", async () => {
    const team = await createTestTeam(world.db)
    const stray = await stripe().setupIntents.create({
      confirm: true,
      payment_method: "pm_card_visa",
      return_url: "http://localhost/",
    })
    await expect(finish(team, stray.id)).rejects.toThrow(PaymentMethodNotFoundError)
  })

  test("is refused to a Member", async () => {
    const team = await createTestTeam(world.db)
    const setup = await start(team)
    await fillIn(setup)
    await expect(finish(team, setup, { actor: team.member })).rejects.toThrow(ForbiddenError)
    expect((await readCopy(world, team)).ids).toEqual([])
  })
})
