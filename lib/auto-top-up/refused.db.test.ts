import { beforeEach, describe, expect, test } from "vitest"
import { stripeAt } from "@/e2e/stripe/testing"
import { watchAlarms } from "@/e2e/testing/alarms"
import { enableTopUp, listTopUps, prepareTopUp, runTopUp } from "@/e2e/testing/auto-top-up"
import { readPool, usd } from "@/e2e/testing/ledger"
import { addCard, attachCard, customerOf } from "@/e2e/testing/payment-methods"
import { createTestTeam, type TestTeam } from "@/e2e/testing/teams"
import { testWorld } from "@/e2e/testing/world"
import { HOUR_MS, MINUTE_MS } from "@/lib/clock"

const world = testWorld()
const alarms = watchAlarms()
let team: TestTeam

beforeEach(async () => {
  await world.stripe.control.reset()
  team = await createTestTeam(world.db)
})

const CREATE = { method: "POST", path: "/v1/payment_intents" } as const
const CONFIRM = { method: "POST", path: "/v1/payment_intents/*/confirm" } as const
const later = (ms: number) => new Date(Date.now() + ms)
const balance = async () =>
  (await readPool(world.db, { teamId: team.id, poolId: team.owner.poolId })).creditsNanos
const settings = () => world.db.autoTopUpSettings.findFirstOrThrow({ where: { teamId: team.id } })
const told = () =>
  world.db.notification.findMany({
    where: { teamId: team.id, type: "credit_purchase_failed" },
    orderBy: { id: "asc" },
  })
const intents = async () => {
  const customer = await customerOf(world, team)
  return (await stripeAt(world.stripe.url).paymentIntents.list({ customer, limit: 100 })).data
}

async function makeDefault(card: string): Promise<void> {
  const { id } = await attachCard(world, team, card)
  await stripeAt(world.stripe.url).customers.update(await customerOf(world, team), {
    invoice_settings: { default_payment_method: id },
  })
  await addCard(world, team, "pm_card_amex")
}

describe("a final decline", () => {
  test.each(["stolen_card", "lost_card", "pickup_card", "fraudulent", "stop_payment_order", "expired_card"])(
    "%s suspends the card at the first, and another card is charged at once",
    async (code) => {
      await prepareTopUp(world, team)
      const customer = await customerOf(world, team)
      await world.stripe.control.nextPayment({ kind: "decline", code: code as "stolen_card", customer })
      for (let hour = 0; hour < 30; hour += 3) await runTopUp(world, team, later(hour * HOUR_MS))
      expect(await listTopUps(world, team)).toMatchObject([{ status: "failed", failureCode: code }])
      expect(await settings()).toMatchObject({ failures: 1, suspendedAt: expect.any(Date) })

      await makeDefault("pm_card_mastercard")
      await runTopUp(world, team, later(31 * HOUR_MS))
      expect(await balance()).toBe(usd(50))
      expect(await settings()).toMatchObject({ failures: 0, suspendedAt: null })
    },
  )

  test("suspends the card in the team’s other pools too", async () => {
    await prepareTopUp(world, team)
    const other = team.admin.poolId
    await enableTopUp(world, team, { poolId: other })
    const customer = await customerOf(world, team)
    await world.stripe.control.nextPayment({ kind: "decline", code: "stolen_card", customer })
    await runTopUp(world, team)
    await runTopUp(world, team, later(2 * HOUR_MS), other)
    // What the other pool's save had begun is not charged either.
    expect(await listTopUps(world, team)).toMatchObject([{ status: "failed" }, { status: "cancelled" }])
    expect(await intents()).toHaveLength(1)
  })

  test("of a bank that only says “later” is tried again", async () => {
    await prepareTopUp(world, team)
    const customer = await customerOf(world, team)
    await world.stripe.control.nextPayment({ kind: "decline", code: "do_not_honor", customer })
    await runTopUp(world, team)
    expect(await settings()).toMatchObject({ failures: 1, suspendedAt: null })
    await runTopUp(world, team, later(HOUR_MS + MINUTE_MS))
    expect(await balance()).toBe(usd(50))
  })
})

describe("a refusal that nobody foresaw", () => {
  const refusals = [
    ["a request that Stripe doesn’t take", { kind: "status", status: 400, code: "parameter_unknown" }],
    ["a permission that the key lacks", { kind: "status", status: 403 }],
    ["a key that was revoked", { kind: "status", status: 401 }],
  ] as const

  describe.each([
    ["of writing the payment down", CREATE],
    ["of the charge", CONFIRM],
  ])("%s", (_, match) => {
    test.each(refusals)("%s ends the top-up, and another card then works", async (_name, fault) => {
      await prepareTopUp(world, team)
      await world.stripe.control.fault({ match, times: 1, fault })
      await runTopUp(world, team)
      expect(await listTopUps(world, team)).toMatchObject([
        {
          status: "failed",
          failureCode: "not_accepted",
          failureReason: expect.stringContaining("It isn’t about your card"),
        },
      ])
      expect(alarms.codes()).toContain("stripe_refused")
      expect(await told()).toHaveLength(1)
      expect((await intents()).filter(({ status }) => status !== "canceled")).toEqual([])

      await makeDefault("pm_card_mastercard")
      await runTopUp(world, team, later(MINUTE_MS))
      expect(await balance()).toBe(usd(50))
    })
  })

  test("is tried once an hour, suspends no card and is told once", async () => {
    await prepareTopUp(world, team)
    await world.stripe.control.fault({ match: CREATE, times: 99, fault: { kind: "status", status: 403 } })
    for (let minute = 0; minute < 300; minute += 20) await runTopUp(world, team, later(minute * MINUTE_MS))
    expect(await listTopUps(world, team)).toHaveLength(5)
    expect(await settings()).toMatchObject({ failures: 1, suspendedAt: null })
    expect(await told()).toHaveLength(1)
    await world.stripe.control.clearFaults()
    await runTopUp(world, team, later(6 * HOUR_MS))
    expect(await balance()).toBe(usd(50))
  })

  test("is not made of an outage, which leaves the top-up open", async () => {
    await prepareTopUp(world, team)
    await world.stripe.control.fault({ match: CREATE, times: 9, fault: { kind: "status", status: 500 } })
    await expect(runTopUp(world, team)).rejects.toThrow("Stripe can’t be reached.")
    expect(await listTopUps(world, team)).toMatchObject([{ status: "created" }])
    expect(alarms.codes()).toEqual([])
    await world.stripe.control.clearFaults()
    await runTopUp(world, team)
    expect(await balance()).toBe(usd(50))
  })
})

test("an amount that Stripe doesn’t take is a refusal of the amount, not a mistake of ours", async () => {
  await prepareTopUp(world, team)
  const fault = { kind: "status", status: 400, code: "amount_too_large" } as const
  await world.stripe.control.fault({ match: CREATE, times: 1, fault })
  await runTopUp(world, team)
  expect(await listTopUps(world, team)).toMatchObject([{ failureCode: "amount_not_accepted" }])
  expect(alarms.codes()).toEqual([])
})

test("the networks are told that a saved card is charged when it is needed", async () => {
  await prepareTopUp(world, team)
  await runTopUp(world, team)
  expect(await intents()).toMatchObject([
    { status: "succeeded", payment_method_options: { card: { stored_credential_usage: "unscheduled" } } },
  ])
})
