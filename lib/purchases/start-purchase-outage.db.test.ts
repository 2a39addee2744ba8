import { randomUUID } from "node:crypto"
import { afterEach, describe, expect, test } from "vitest"
import { watchAlarms } from "@/dev/testing/alarms"
import {
  askForPurchase,
  countOpenedCheckouts,
  readPurchase,
  startTestPurchase,
} from "@/dev/testing/purchases"
import { createTestTeam } from "@/dev/testing/teams"
import { testWorld } from "@/dev/testing/world"
import { ConflictError, UnavailableError } from "@/lib/errors"
import { until } from "@/stand-in/testing"

const world = testWorld()
const alarms = watchAlarms()
afterEach(() => world.stripe.control.reset())

const SESSIONS = { method: "POST", path: "/v1/checkout/sessions" } as const
const CUSTOMERS = { method: "POST", path: "/v1/customers" } as const

// The SDK repeats a call once by itself, so one failure takes several faults.
const TROUBLES = [
  ["answers 500", { kind: "status", status: 500 }],
  ["answers 500 though it did it", { kind: "status", status: 500, effect: true }],
  ["answers 503", { kind: "status", status: 503 }],
  ["answers 429", { kind: "status", status: 429 }],
  ["cuts the connection", { kind: "reset" }],
  ["does it and cuts the connection", { kind: "answer_lost" }],
  ["answers nonsense", { kind: "bad_json" }],
] as const

describe.each([
  ["opening the checkout", SESSIONS],
  ["making the customer", CUSTOMERS],
])("when Stripe, %s,", (_, match) => {
  test.each(TROUBLES)("%s: nothing is charged, and the next try works", async (_name, fault) => {
    const team = await createTestTeam(world.db)
    await world.stripe.control.fault({ match, times: 9, fault })
    await expect(askForPurchase(world, team)).rejects.toThrow(UnavailableError)
    await world.stripe.control.clearFaults()
    expect(await world.db.entry.count({ where: { teamId: team.id } })).toBe(0)

    const { ref, customerId } = await startTestPurchase(world, team)
    expect(await readPurchase(world, ref)).toMatchObject({ status: "open" })
    expect((await world.stripe.control.payments({ customer: customerId })).count).toBe(0)
  })
})

const REFUSALS = [
  ["a permission that our key lacks", { kind: "status", status: 403 }],
  ["a request that it doesn’t take", { kind: "status", status: 400, code: "parameter_unknown" }],
] as const

describe.each([
  ["opening the checkout", SESSIONS],
  ["making the customer", CUSTOMERS],
])("when Stripe, %s, refuses for", (_, match) => {
  test.each(REFUSALS)("%s: it isn’t called an outage, and the operator is told", async (_name, fault) => {
    const team = await createTestTeam(world.db)
    await world.stripe.control.fault({ match, times: 1, fault })
    await expect(askForPurchase(world, team)).rejects.toThrow(
      "Something in our payment setup is wrong. It isn’t about your card. Nothing was charged. We’ve been told.",
    )
    expect(alarms.codes()).toEqual(["stripe_refused"])
    await startTestPurchase(world, team)
  })
})

test("a customer that Stripe couldn’t make leaves the purchase to be asked for again", async () => {
  const team = await createTestTeam(world.db)
  const requestKey = randomUUID()
  await world.stripe.control.fault({ match: CUSTOMERS, times: 2, fault: { kind: "reset" } })
  await expect(askForPurchase(world, team, { requestKey })).rejects.toThrow(UnavailableError)
  await startTestPurchase(world, team, { requestKey })
  expect(await countOpenedCheckouts(world, team)).toBe(1)
})

test("a customer that is gone at Stripe is replaced, and what arrives late for it still finds its team", async () => {
  const team = await createTestTeam(world.db)
  const gone = `cus_gone_${team.slug}`
  await world.db.stripeCustomer.create({ data: { id: gone, teamId: team.id } })
  expect(await askForPurchase(world, team)).toMatchObject({
    clientSecret: expect.stringMatching(/^cs_test_/),
  })
  const customers = await world.db.stripeCustomer.findMany({ where: { teamId: team.id } })
  expect(customers.filter(({ replacedAt }) => replacedAt === null)).toHaveLength(1)
  expect(customers.find(({ id }) => id === gone)?.replacedAt).toBeInstanceOf(Date)
})

test("an outage while an open checkout is asked for again leaves it open", async () => {
  const team = await createTestTeam(world.db)
  const requestKey = randomUUID()
  const { ref } = await startTestPurchase(world, team, { requestKey })
  await world.stripe.control.fault({ match: SESSIONS, times: 2, fault: { kind: "reset" } })
  await expect(askForPurchase(world, team, { requestKey })).rejects.toThrow(UnavailableError)
  expect(await readPurchase(world, ref)).toMatchObject({ status: "open" })
  await startTestPurchase(world, team, { requestKey })
})

test("a checkout whose purchase ended while it was opened is not handed out", async () => {
  const team = await createTestTeam(world.db)
  await startTestPurchase(world, team)
  const known = (await world.stripe.control.requests(SESSIONS)).count
  await world.stripe.control.fault({ match: SESSIONS, fault: { kind: "hang", ms: 600 } })
  const asked = askForPurchase(world, team)
  asked.catch(() => undefined)
  await until(
    () => world.stripe.control.requests(SESSIONS),
    ({ count }) => count > known,
  )
  await world.db.purchase.updateMany({
    where: { teamId: team.id, status: "created" },
    data: { status: "failed", failureReason: "Another request of the same key met an outage." },
  })
  // Its session could no longer be recorded: a payment in it would only be found if its webhook arrives.
  await expect(asked).rejects.toThrow(ConflictError)
})
