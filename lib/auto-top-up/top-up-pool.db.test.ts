import { beforeEach, describe, expect, test } from "vitest"
import {
  enableTopUp,
  listDecisions,
  listTopUps,
  prepareTopUp,
  runTopUp,
  saveInput,
  setCap,
  spendDown,
  topUpCtx,
} from "@/dev/testing/auto-top-up"
import { credit, readPool, usd } from "@/dev/testing/ledger"
import { buy, fallIntoDebt } from "@/dev/testing/money-back"
import { addCard, attachCard, customerOf } from "@/dev/testing/payment-methods"
import { payCheckout, readPurchase, startTestPurchase } from "@/dev/testing/purchases"
import { createTestTeam, type TestTeam } from "@/dev/testing/teams"
import { receiveWebhooks, workInbox } from "@/dev/testing/webhooks"
import { testWorld } from "@/dev/testing/world"
import { DAY_MS, HOUR_MS, MINUTE_MS } from "@/lib/clock"
import { queryIn } from "@/lib/db/query"
import { makeDue } from "@/lib/top-up-settings/make-due"
import { stripeAt, until } from "@/stand-in/testing"
import { saveSettings } from "./save-settings"

const world = testWorld()
receiveWebhooks(world)
let team: TestTeam

beforeEach(async () => {
  await world.stripe.control.reset()
  await world.stripe.control.clearWebhookRules()
  team = await createTestTeam(world.db)
})

const balance = async () =>
  (await readPool(world.db, { teamId: team.id, poolId: team.owner.poolId })).creditsNanos
const later = (ms: number) => new Date(Date.now() + ms)
const charged = async () => {
  const customer = await customerOf(world, team)
  const { data } = await stripeAt(world.stripe.url).paymentIntents.list({ customer, limit: 100 })
  return data.filter(({ status }) => status === "succeeded")
}
const settings = () => world.db.autoTopUpSettings.findFirstOrThrow({ where: { teamId: team.id } })
const reasons = async () => (await listDecisions(world, team)).map(({ reason }) => reason)

test("a low pool is charged once and credited once, and then it isn’t low", async () => {
  await prepareTopUp(world, team)
  await runTopUp(world, team)
  expect(await balance()).toBe(usd(50))
  await runTopUp(world, team)
  expect(await charged()).toMatchObject([
    { amount: 5_000, metadata: { purchase_id: expect.stringMatching(/^pur_/) } },
  ])
  expect(await listTopUps(world, team)).toMatchObject([
    {
      status: "succeeded",
      amountNanos: usd(50),
      capturedNanos: usd(50),
      receiptUrl: expect.stringContaining("http"),
    },
  ])
  expect(await reasons()).toEqual(["charge"])
})

test("Stripe’s webhooks about it credit nothing twice", async () => {
  await prepareTopUp(world, team)
  await runTopUp(world, team)
  await workInbox(world)
  expect(await balance()).toBe(usd(50))
})

test("a checkout that is open meanwhile and one that is paid after it are each credited once", async () => {
  await prepareTopUp(world, team)
  const purchase = await startTestPurchase(world, team)
  await runTopUp(world, team)
  await payCheckout(world, purchase.sessionId)
  await until(
    () => workInbox(world).then(balance),
    (nanos) => nanos === usd(75),
  )
  await runTopUp(world, team)
  expect(await listTopUps(world, team)).toHaveLength(1)
  expect((await readPurchase(world, purchase.ref)).status).toBe("succeeded")
})

test("credits that come between the decision and the charge make it needless, and nothing is charged", async () => {
  await prepareTopUp(world, team)
  const confirm = { method: "POST", path: "/v1/payment_intents/*/confirm" } as const
  await world.stripe.control.fault({ match: confirm, times: 2, fault: { kind: "status", status: 500 } })
  await expect(runTopUp(world, team)).rejects.toThrow()
  await credit(world.db, { teamId: team.id, poolId: team.owner.poolId }, usd(11))
  await runTopUp(world, team)
  expect(await listTopUps(world, team)).toMatchObject([{ status: "cancelled" }])
  expect(await charged()).toEqual([])
})

test("twenty that run at once charge once", async () => {
  await prepareTopUp(world, team)
  await Promise.allSettled(Array.from({ length: 20 }, () => runTopUp(world, team)))
  await runTopUp(world, team)
  expect(await charged()).toHaveLength(1)
  expect(await balance()).toBe(usd(50))
})

describe("nothing is charged", () => {
  test("while it is off", async () => {
    await addCard(world, team)
    await runTopUp(world, team)
    expect(await listTopUps(world, team)).toEqual([])
    expect(await reasons()).toEqual([])
  })

  test("after it was turned off between the decision and the charge", async () => {
    await prepareTopUp(world, team)
    const path = "/v1/payment_intents"
    await world.stripe.control.fault({
      match: { method: "POST", path },
      times: 9,
      fault: { kind: "status", status: 500 },
    })
    await expect(runTopUp(world, team)).rejects.toThrow("can’t be reached")
    await saveSettings(topUpCtx(world, team), await saveInput(world, team, { enabled: false }))
    await world.stripe.control.reset()
    await runTopUp(world, team)
    expect(await charged()).toEqual([])
    expect(await listTopUps(world, team)).toMatchObject([{ status: "cancelled" }])
  })

  test("when the cap is reached, with the reason and the time", async () => {
    const pool = { teamId: team.id, poolId: team.owner.poolId }
    await credit(world.db, pool, usd(20))
    await buy(world.db, pool, usd(160), { kind: "auto_top_up" })
    await prepareTopUp(world, team)
    await spendDown(world, pool, usd(175))
    await runTopUp(world, team)
    await runTopUp(world, team, later(MINUTE_MS))
    expect(await charged()).toEqual([])
    expect(await listDecisions(world, team)).toMatchObject([
      { reason: "cap_reached", times: 2, until: expect.any(Date) },
    ])
  })
})

describe("a lost answer", () => {
  const create = ["POST", "/v1/payment_intents"] as const
  const confirm = ["POST", "/v1/payment_intents/*/confirm"] as const
  const read = ["GET", "/v1/payment_intents/*"] as const
  const faults = [
    ["of writing the payment down", create, { kind: "answer_lost" }],
    [
      "of writing the payment down, as a 500 with effect",
      create,
      { kind: "status", status: 500, effect: true },
    ],
    ["of the look before the charge", read, { kind: "status", status: 500 }],
    ["of the charge", confirm, { kind: "answer_lost" }],
    ["of the charge, as a 500 with effect", confirm, { kind: "status", status: 500, effect: true }],
    ["of the charge, as a 500 without effect", confirm, { kind: "status", status: 500 }],
    ["of the charge, as a 429", confirm, { kind: "status", status: 429, code: "rate_limit" }],
    ["of the charge, as a 409", confirm, { kind: "status", status: 409, code: "lock_timeout" }],
    ["of the charge, as bad JSON", confirm, { kind: "bad_json" }],
    ["of the charge, as a closed connection", confirm, { kind: "reset" }],
  ] as const
  test.each(faults)("%s charges once and credits once", async (_, [method, path], fault) => {
    await prepareTopUp(world, team)
    await world.stripe.control.fault({ match: { method, path }, times: 2, fault })
    for (let n = 0; n < 4; n++) await runTopUp(world, team, later(n * MINUTE_MS)).catch(() => undefined)
    expect(await charged()).toHaveLength(1)
    expect(await balance()).toBe(usd(50))
    expect(await listTopUps(world, team)).toHaveLength(1)
  })

  test("of a payment that nobody confirmed for a day ends without a charge", async () => {
    await prepareTopUp(world, team)
    await world.stripe.control.fault({
      match: { method: "POST", path: "/v1/payment_intents/*/confirm" },
      times: 2,
      fault: { kind: "status", status: 500 },
    })
    await expect(runTopUp(world, team)).rejects.toThrow()
    await runTopUp(world, team, later(25 * HOUR_MS))
    expect(await charged()).toEqual([])
    expect(await listTopUps(world, team)).toMatchObject([{ status: "cancelled" }])
  })
})

test("a debt that is deeper than one top-up is covered by the next, once usage asks for it", async () => {
  const pool = { teamId: team.id, poolId: team.owner.poolId }
  await addCard(world, team)
  await fallIntoDebt(world.db, pool, usd(70))
  await enableTopUp(world, team)
  await runTopUp(world, team)
  expect(await balance()).toBe(usd(-20))
  await runTopUp(world, team, later(MINUTE_MS))
  expect(await balance()).toBe(usd(-20))
  await makeDue(queryIn(world.db), pool, { cause: "refusal", needsNanos: usd(1) }, new Date())
  await runTopUp(world, team, later(MINUTE_MS))
  expect(await balance()).toBe(usd(30))
})

describe("a card that is declined", () => {
  test("is tried again after an hour, and no more after the third time", async () => {
    await prepareTopUp(world, team, "pm_card_chargeCustomerFail")
    for (let minute = 0; minute < 30 * 24 * 60; minute += minute < 240 ? 20 : 720)
      await runTopUp(world, team, later(minute * MINUTE_MS))
    const topUps = await listTopUps(world, team)
    expect(topUps).toHaveLength(3)
    expect(topUps).toMatchObject(
      topUps.map(() => ({ status: "failed", failureReason: expect.stringContaining("declined") })),
    )
    expect(await settings()).toMatchObject({ failures: 3, suspendedAt: expect.any(Date) })
    expect(await reasons()).toEqual([
      "charge",
      "cooling_down",
      "charge",
      "cooling_down",
      "charge",
      "suspended_card",
    ])
    const customer = await customerOf(world, team)
    const { data } = await stripeAt(world.stripe.url).paymentIntents.list({ customer })
    expect(data.map(({ status }) => status)).toEqual(["canceled", "canceled", "canceled"])
  })

  test("stays suspended when the same card is added again, and another card ends it", async () => {
    await prepareTopUp(world, team, "pm_card_chargeCustomerFail")
    for (let hour = 0; hour < 3; hour++) await runTopUp(world, team, later(hour * HOUR_MS))
    await addCard(world, team, "pm_card_chargeCustomerFail")
    await runTopUp(world, team, later(4 * HOUR_MS))
    expect(await listTopUps(world, team)).toHaveLength(3)

    const { id } = await attachCard(world, team, "pm_card_mastercard")
    const customer = await customerOf(world, team)
    await stripeAt(world.stripe.url).customers.update(customer, {
      invoice_settings: { default_payment_method: id },
    })
    await addCard(world, team, "pm_card_amex")
    await runTopUp(world, team, later(5 * HOUR_MS))
    expect(await balance()).toBe(usd(50))
    expect(await settings()).toMatchObject({ failures: 0, suspendedAt: null })
  })

  test("is looked at again at once when another becomes the default, and not when it is the same", async () => {
    await prepareTopUp(world, team, "pm_card_chargeCustomerFail")
    await runTopUp(world, team)
    const looks = async () => {
      const taken = await world.db.$queryRaw<unknown[]>`
        DELETE FROM graphile_worker._private_jobs WHERE key = ${`top-up-pool:${team.owner.poolId}`} RETURNING 1`
      return taken.length
    }
    await looks()
    await addCard(world, team, "pm_card_mastercard")
    expect(await looks()).toBe(0)
    const { id } = await attachCard(world, team, "pm_card_mastercard")
    await stripeAt(world.stripe.url).customers.update(await customerOf(world, team), {
      invoice_settings: { default_payment_method: id },
    })
    await addCard(world, team, "pm_card_amex")
    expect(await looks()).toBe(1)
    await runTopUp(world, team)
    expect(await balance()).toBe(usd(50))
  })

  test("that is removed between the two calls to Stripe fails by its own", async () => {
    await prepareTopUp(world, team)
    const confirm = { method: "POST", path: "/v1/payment_intents/*/confirm" } as const
    await world.stripe.control.fault({ match: confirm, times: 2, fault: { kind: "status", status: 500 } })
    await expect(runTopUp(world, team)).rejects.toThrow()
    const [topUp] = await listTopUps(world, team)
    await stripeAt(world.stripe.url).paymentMethods.detach(String(topUp?.paymentMethodId))
    await runTopUp(world, team, later(MINUTE_MS))
    expect(await charged()).toEqual([])
    expect(await listTopUps(world, team)).toMatchObject([
      { status: "failed", failureReason: "The payment method was removed, or can’t be charged any more." },
    ])
  })
})

describe("a bank that wants authentication", () => {
  test("is not asked again for a day, and then the attempt ends as a failure", async () => {
    await prepareTopUp(world, team, "pm_card_authenticationRequired")
    for (let hour = 0; hour < 24; hour++) await runTopUp(world, team, later(hour * HOUR_MS))
    expect(await listTopUps(world, team)).toMatchObject([{ status: "open", needsAuthentication: true }])
    await runTopUp(world, team, later(DAY_MS + MINUTE_MS))
    expect(await listTopUps(world, team)).toMatchObject([
      {
        status: "failed",
        failureCode: "authentication_expired",
        failureReason: expect.stringContaining("within a day"),
      },
    ])
    expect(await charged()).toEqual([])
  })

  test("credits the same payment when a person confirms it", async () => {
    await prepareTopUp(world, team, "pm_card_authenticationRequired")
    await runTopUp(world, team)
    const [topUp] = await listTopUps(world, team)
    const stripe = stripeAt(world.stripe.url)
    const intent = await stripe.paymentIntents.confirm(String(topUp?.paymentIntentId), {
      payment_method: String(topUp?.paymentMethodId),
      return_url: "http://localhost:3000/",
    })
    expect(intent.status).toBe("requires_action")
    await runTopUp(world, team)
    expect(await listTopUps(world, team)).toMatchObject([{ status: "open", needsAuthentication: true }])
  })
})

test("usage that eats each top-up at once charges three times an hour and ten times a day at most", async () => {
  const pool = { teamId: team.id, poolId: team.owner.poolId }
  await prepareTopUp(world, team)
  await setCap(world, team, null)
  for (let minute = 0; minute < 24 * 60; minute += 10) {
    await runTopUp(world, team, later(minute * MINUTE_MS))
    const { creditsNanos } = await readPool(world.db, pool)
    if (creditsNanos <= 0n) continue
    await spendDown(world, pool, creditsNanos, later(minute * MINUTE_MS))
  }
  const topUps = await listTopUps(world, team)
  expect(topUps).toHaveLength(10)
  const times = topUps.map(({ createdAt }) => createdAt.getTime())
  for (const [index, at] of times.entries())
    expect((times[index + 3] ?? Number.POSITIVE_INFINITY) - at).toBeGreaterThanOrEqual(HOUR_MS)
  expect(await charged()).toHaveLength(10)
})
