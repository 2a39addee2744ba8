import { beforeEach, describe, expect, test } from "vitest"
import { watchAlarms } from "@/dev/testing/alarms"
import { enableTopUp, listTopUps, prepareTopUp, runTopUp } from "@/dev/testing/auto-top-up"
import { readPool, usd } from "@/dev/testing/ledger"
import { addCard, attachCard, customerOf } from "@/dev/testing/payment-methods"
import { startTestPurchase } from "@/dev/testing/purchases"
import { createTestTeam, type TestTeam } from "@/dev/testing/teams"
import { testWorld } from "@/dev/testing/world"
import { HOUR_MS, MINUTE_MS } from "@/lib/clock"
import { syncPaymentMethods } from "@/lib/payment-methods/sync-payment-methods"
import { stripeAt } from "@/stand-in/testing"

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
    // The top-up that the other pool's save had begun isn't charged either.
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

describe("a card that failed in a pool", () => {
  const other = () => team.admin.poolId
  const settingsOf = (poolId: string) =>
    world.db.autoTopUpSettings.findFirstOrThrow({ where: { teamId: team.id, poolId } })
  const fingerprintOf = async () =>
    (await world.db.paymentMethod.findFirstOrThrow({ where: { teamId: team.id, isDefault: true } }))
      .fingerprint
  const declineNext = async (code: "stolen_card" | "do_not_honor") =>
    world.stripe.control.nextPayment({ kind: "decline", code, customer: await customerOf(world, team) })

  /**
   * The Owner's pool has begun a top-up with its first card and waits for Stripe. Meanwhile another card becomes the
   * default.
   */
  async function changeCardMeanwhile(): Promise<void> {
    await prepareTopUp(world, team)
    await world.stripe.control.fault({ match: CONFIRM, times: 2, fault: { kind: "status", status: 500 } })
    await expect(runTopUp(world, team)).rejects.toThrow()
    await makeDefault("pm_card_mastercard")
  }

  test("isn’t forgotten when a former card of the team turns out to be stolen", async () => {
    await changeCardMeanwhile()
    await enableTopUp(world, team, { poolId: other() })
    const current = await fingerprintOf()
    for (let hour = 0; hour < 6; hour += 2) {
      await declineNext("do_not_honor")
      await runTopUp(world, team, later(hour * HOUR_MS), other())
    }
    const before = { failures: 3, failedFingerprint: current, suspendedAt: expect.any(Date) }
    expect(await settingsOf(other())).toMatchObject(before)
    await declineNext("stolen_card")
    await runTopUp(world, team, later(6 * HOUR_MS))
    expect(await settingsOf(team.owner.poolId)).toMatchObject({ failures: 1, suspendedAt: expect.any(Date) })
    expect(await settingsOf(other())).toMatchObject(before)
    await runTopUp(world, team, later(9 * HOUR_MS), other())
    expect(await balance()).toBe(0n)
  })

  test("isn’t forgotten when what the same pool began with another card fails", async () => {
    const first = await addCard(world, team, "pm_card_mastercard")
    await enableTopUp(world, team)
    for (let hour = 0; hour < 6; hour += 2) {
      await declineNext("do_not_honor")
      await runTopUp(world, team, later(hour * HOUR_MS))
    }
    const before = { failures: 3, failedFingerprint: await fingerprintOf(), suspendedAt: expect.any(Date) }
    expect(await settings()).toMatchObject(before)
    await makeDefault("pm_card_visa")
    await world.stripe.control.fault({ match: CONFIRM, times: 2, fault: { kind: "status", status: 500 } })
    await expect(runTopUp(world, team, later(6 * HOUR_MS))).rejects.toThrow()
    await stripeAt(world.stripe.url).customers.update(await customerOf(world, team), {
      invoice_settings: { default_payment_method: first },
    })
    await syncPaymentMethods({ db: world.db, now: new Date() }, team.id)
    await declineNext("stolen_card")
    await runTopUp(world, team, later(7 * HOUR_MS))
    await runTopUp(world, team, later(10 * HOUR_MS))
    expect(await settings()).toMatchObject(before)
    expect(await listTopUps(world, team)).toHaveLength(4)
  })

  test("is charged no more in a pool where nothing failed yet", async () => {
    await changeCardMeanwhile()
    await enableTopUp(world, team, { poolId: other() })
    await declineNext("stolen_card")
    await runTopUp(world, team)
    const former = (await settingsOf(team.owner.poolId)).failedFingerprint
    expect(former).not.toBe(await fingerprintOf())
    expect(await settingsOf(other())).toMatchObject({ failedFingerprint: former, failures: 1 })
  })
})

test("an amount that Stripe doesn’t take is a refusal of the amount: told once, and no failure of the card", async () => {
  await prepareTopUp(world, team)
  const fault = { kind: "status", status: 400, code: "amount_too_large" } as const
  await world.stripe.control.fault({ match: CREATE, times: 9, fault })
  for (let hour = 0; hour < 10; hour += 2) await runTopUp(world, team, later(hour * HOUR_MS))
  const failed = { status: "failed", failureCode: "amount_not_accepted" }
  expect(await listTopUps(world, team)).toMatchObject(Array.from({ length: 5 }, () => failed))
  expect(await told()).toHaveLength(1)
  expect(await settings()).toMatchObject({ suspendedAt: null })
  expect(alarms.codes()).toEqual([])
})

test.each(["payment_intent_incompatible_payment_method", "payment_intent_mandate_invalid"] as const)(
  "%s is about the payment method, not a mistake of ours",
  async (code) => {
    await prepareTopUp(world, team)
    await world.stripe.control.fault({
      match: CONFIRM,
      times: 1,
      fault: { kind: "status", status: 400, code },
    })
    await runTopUp(world, team)
    expect(await listTopUps(world, team)).toMatchObject([{ failureCode: "payment_method_unusable" }])
    expect(alarms.codes()).toEqual([])
  },
)

test("a bank account that was saved anew is the account whose debit was refused for good", async () => {
  const stripe = stripeAt(world.stripe.url)
  const customer = await customerOf(world, team)
  const save = async () => {
    const { sessionId } = await startTestPurchase(world, team)
    const method = await world.stripe.control.newMethod("us_bank_account")
    await world.stripe.control.pay(sessionId, { payment_method: method.id })
    const { data } = await stripe.customers.listPaymentMethods(customer)
    const [saved] = data
    if (!saved) throw new Error("The account was not saved")
    await stripe.customers.update(customer, { invoice_settings: { default_payment_method: saved.id } })
    await syncPaymentMethods({ db: world.db, now: new Date() }, team.id)
    return saved.id
  }
  const first = await save()
  await enableTopUp(world, team)
  await runTopUp(world, team)
  const [topUp] = await listTopUps(world, team)
  // A bank's debit that isn't short of money fails as not authorised.
  await world.stripe.control.settle(topUp?.paymentIntentId ?? "", { outcome: "fail" })
  await runTopUp(world, team, later(MINUTE_MS))
  expect(await settings()).toMatchObject({ failures: 1, suspendedAt: expect.any(Date) })
  expect(await save()).not.toBe(first)
  await runTopUp(world, team, later(2 * HOUR_MS))
  expect(await listTopUps(world, team)).toHaveLength(1)
  expect(await settings()).toMatchObject({ suspendedAt: expect.any(Date) })
})

test("the networks are told that a saved card is charged when it is needed", async () => {
  await prepareTopUp(world, team)
  await runTopUp(world, team)
  expect(await intents()).toMatchObject([
    { status: "succeeded", payment_method_options: { card: { stored_credential_usage: "unscheduled" } } },
  ])
})
