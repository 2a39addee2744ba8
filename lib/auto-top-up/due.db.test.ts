import { beforeAll, beforeEach, describe, expect, test } from "vitest"
import {
  enableTopUp,
  listDecisions,
  listTopUps,
  prepareTopUp,
  resume,
  runTopUp,
} from "@/dev/testing/auto-top-up"
import { credit, readPool, usd } from "@/dev/testing/ledger"
import { createPayingTeam, SMS_NANOS, testMetering } from "@/dev/testing/metering"
import { answerTo, usageOf } from "@/dev/testing/metering-usage"
import { buy, disputeOf, refundOf, report, reportDispute } from "@/dev/testing/money-back"
import { addCard, customerOf } from "@/dev/testing/payment-methods"
import type { TestTeam } from "@/dev/testing/teams"
import { receiveWebhooks } from "@/dev/testing/webhooks"
import { testWorld } from "@/dev/testing/world"
import { withholdPeriod } from "@/lib/billing/withhold-period"
import { HOUR_MS } from "@/lib/clock"
import { queryIn } from "@/lib/db/query"
import { openHold } from "@/lib/metering/open-hold"
import { preflight } from "@/lib/metering/preflight"
import { readBalance } from "@/lib/metering/read-balance"
import { captureHold, releaseHold } from "@/lib/metering/settle-hold"
import { syncPaymentMethods } from "@/lib/payment-methods/sync-payment-methods"
import { topUpKey } from "@/lib/queue/enqueue-top-up"
import { stripeAt } from "@/stand-in/testing"
import { getAutoTopUp } from "./queries"
import { sweepTopUps } from "./sweep"

const world = testWorld()
receiveWebhooks(world)
const meterings = testMetering(world)
let team: TestTeam

beforeAll(() => {
  metering = meterings.start()
})
beforeEach(async () => {
  await world.stripe.control.reset()
  await world.stripe.control.clearWebhookRules()
  team = (await createPayingTeam(world, 0n)).team
})

const pool = () => ({ teamId: team.id, poolId: team.owner.poolId })
const balance = async () => (await readPool(world.db, pool())).creditsNanos
const settings = () => world.db.autoTopUpSettings.findFirstOrThrow({ where: { teamId: team.id } })
const causes = async () => (await listTopUps(world, team)).map(({ dueCause }) => dueCause)
const reasons = async () => (await listDecisions(world, team)).map(({ reason }) => reason)
const cause = { trigger: "api_key", user: null, apiKeyId: null } as const
let metering: ReturnType<typeof meterings.start>
/** Cents' worth of text messages, at 1.2 cents each. */
const sms = (cents: number) => (usd(1) * BigInt(cents)) / 100n / SMS_NANOS
const spend = (cents: number) => answerTo(metering, team.id, usageOf({ quantity: sms(cents) }))
const hold = (cents: number) =>
  openHold(
    metering,
    team.id,
    {
      key: null,
      consumable: "sms",
      quantity: sms(cents),
      cause,
      lifeMs: HOUR_MS,
      authorise: () => undefined,
    },
    new Date(),
  )
/** Whether the sweep enqueues the pool. */
async function isSwept(): Promise<boolean> {
  const key = topUpKey(pool().poolId)
  await world.db.$executeRaw`DELETE FROM graphile_worker._private_jobs WHERE key = ${key}`
  await sweepTopUps({ db: world.db, now: new Date() })
  const found = await world.db.$queryRaw<unknown[]>`
    SELECT 1 FROM graphile_worker._private_jobs WHERE key = ${key}`
  return found.length > 0
}
/** Runs every look that anything could cause. */
async function lookAgain() {
  await runTopUp(world, team)
  await sweepTopUps({ db: world.db, now: new Date() })
  await runTopUp(world, team)
}

describe("money taken back never starts a charge", () => {
  test("buy $50, top-up at $10 adding $50, spend $1.20, refund $50: nothing, then the next usage charges", async () => {
    const payment = await buy(world.db, pool(), usd(50))
    await prepareTopUp(world, team)
    await spend(120)
    await report(world.db, await refundOf(world.db, payment, usd(50)))
    await lookAgain()
    expect(await listTopUps(world, team)).toEqual([])
    expect(await sweepTopUps({ db: world.db, now: new Date() })).toBe(0)
    expect(await spend(120)).toEqual({ refused: "insufficient_credits" })
    await lookAgain()
    expect(await causes()).toEqual(["refusal"])
    expect(await balance()).toBe(usd(50) - usd(1.2))
  })

  test("a refund that leaves a little: the next spend is what charges", async () => {
    await credit(world.db, pool(), usd(5))
    const payment = await buy(world.db, pool(), usd(50))
    await prepareTopUp(world, team)
    await report(world.db, await refundOf(world.db, payment, usd(50)))
    await lookAgain()
    expect(await listTopUps(world, team)).toEqual([])
    await spend(12)
    await lookAgain()
    expect(await causes()).toEqual(["usage"])
  })

  test("what made it due is over once it recovered, so a later refund finds nothing due", async () => {
    await credit(world.db, pool(), usd(12))
    await enableTopUpWithoutCharge()
    await spend(600)
    expect((await settings()).dueCause).toBe("usage")
    const payment = await buy(world.db, pool(), usd(50))
    expect((await settings()).dueCause).toBeNull()
    await report(world.db, await refundOf(world.db, payment, usd(50)))
    await lookAgain()
    expect(await listTopUps(world, team)).toEqual([])
  })

  test("a mark that outlived its reason, whatever forgot it, is cleared by the next look", async () => {
    await credit(world.db, pool(), usd(50))
    await enableTopUpWithoutCharge()
    await world.db.autoTopUpSettings.updateMany({
      where: { teamId: team.id },
      data: { dueAt: new Date(), dueCause: "usage" },
    })
    expect(await isSwept()).toBe(false)
    await runTopUp(world, team)
    expect((await settings()).dueCause).toBeNull()
    const payment = await buy(world.db, pool(), usd(50))
    await report(world.db, await refundOf(world.db, payment, usd(50)))
    await lookAgain()
    expect(await listTopUps(world, team)).toEqual([])
  })

  test("buy $300, spend $284, dispute it: no charge, paused once, and resumed by a person", async () => {
    const payment = await buy(world.db, pool(), usd(300))
    await prepareTopUp(world, team)
    await spend(28_400)
    const dispute = await disputeOf(world.db, payment, usd(300))
    await reportDispute(world.db, dispute)
    await lookAgain()
    await spend(12)
    await lookAgain()
    expect(await listTopUps(world, team)).toEqual([])
    expect(await reasons()).toEqual(["paused"])
    const overview = await getAutoTopUp(world.db, pool(), new Date())
    expect(overview.whenLow).toMatchObject({ reason: "paused" })

    expect(await resume(world, team)).toEqual({ status: "saved", isCharging: true })
    await reportDispute(world.db, dispute)
    expect((await settings()).pausedAt).toBeNull()
    expect(await world.db.autoTopUpChange.findMany({ where: { teamId: team.id, version: 2 } })).toMatchObject(
      [{ memberId: team.owner.memberId, after: { resumed: true } }],
    )
    await lookAgain()
    expect(await causes()).toEqual(["save"])
  })

  test("a dispute that is won leaves it paused, an inquiry pauses nothing", async () => {
    const payment = await buy(world.db, pool(), usd(300))
    await prepareTopUp(world, team)
    const dispute = await disputeOf(world.db, payment, usd(300))
    await reportDispute(world.db, { ...dispute, status: "inquiry" })
    expect((await settings()).pausedAt).toBeNull()
    await reportDispute(world.db, dispute)
    await reportDispute(world.db, { ...dispute, status: "won" })
    expect((await settings()).pausedReason).toBe("dispute")
  })

  test("a dispute that asks for more once it was resumed pauses nothing again", async () => {
    const payment = await buy(world.db, pool(), usd(300))
    await prepareTopUp(world, team)
    const dispute = await disputeOf(world.db, payment, usd(100))
    await reportDispute(world.db, dispute)
    await resume(world, team)
    await reportDispute(world.db, { ...dispute, amountNanos: usd(200) })
    expect(await balance()).toBe(usd(100))
    expect((await settings()).pausedAt).toBeNull()
  })

  test("a second dispute leaves since when and by which it is paused", async () => {
    const payments = [await buy(world.db, pool(), usd(300)), await buy(world.db, pool(), usd(300))] as const
    await prepareTopUp(world, team)
    await reportDispute(world.db, await disputeOf(world.db, payments[0], usd(300)))
    const { pausedAt, pausedBy } = await settings()
    await reportDispute(
      world.db,
      await disputeOf(world.db, payments[1], usd(300)),
      new Date(Date.now() + HOUR_MS),
    )
    expect(await settings()).toMatchObject({ pausedAt, pausedBy })
  })

  test("nor does the last look before the charge: what was begun and is paused is cancelled", async () => {
    const payment = await buy(world.db, pool(), usd(11))
    await prepareTopUp(world, team)
    await spend(240)
    await world.stripe.control.fault({
      match: { method: "POST", path: "/v1/payment_intents/*/confirm" },
      times: 2,
      fault: { kind: "status", status: 500 },
    })
    await expect(runTopUp(world, team)).rejects.toThrow()
    await reportDispute(world.db, await disputeOf(world.db, payment, usd(11)))
    await runTopUp(world, team)
    expect(await listTopUps(world, team)).toMatchObject([{ status: "cancelled", dueCause: "usage" }])
    // It is due already, so looking each minute changes nothing.
    expect((await settings()).dueCause).toBe("usage")
    expect(await isSwept()).toBe(false)
  })
})

test("a top-up that was begun before the plan went unpaid is cancelled", async () => {
  await credit(world.db, pool(), usd(11))
  await prepareTopUp(world, team)
  await spend(240)
  await world.stripe.control.fault({
    match: { method: "POST", path: "/v1/payment_intents/*/confirm" },
    times: 2,
    fault: { kind: "status", status: 500 },
  })
  await expect(runTopUp(world, team)).rejects.toThrow()
  const notGiven = { includedNanos: usd(20), consumables: "{}", quantities: "{}" }
  await world.db.$transaction((tx) =>
    withholdPeriod(queryIn(tx), pool(), { why: "unpaid", notGiven }, new Date()),
  )
  await lookAgain()
  expect(await listTopUps(world, team)).toMatchObject([{ status: "cancelled" }])
  expect(await reasons()).toEqual(["charge", "plan_unpaid"])
})

describe("low means little left to pay with", () => {
  test("balance $12, threshold $10, hold of $11.88: low at once, and the refused $0.60 charges", async () => {
    await credit(world.db, pool(), usd(12))
    await prepareTopUp(world, team)
    await hold(1_188)
    expect((await readBalance(metering, team.id, team.owner.poolId, new Date())).isLow).toBe(true)
    await lookAgain()
    expect(await listTopUps(world, team)).toEqual([])
    expect(await spend(60)).toEqual({ refused: "insufficient_credits" })
    await lookAgain()
    expect(await causes()).toEqual(["refusal"])
    expect(await spend(60)).toMatchObject({ replayed: false })
  })

  test("included credits untouched and no balance: saving it on charges nothing", async () => {
    const included = team.owner.poolId
    await credit(world.db, pool(), usd(250), {
      source: "included",
      expiresAt: new Date(Date.now() + HOUR_MS),
    } as never)
    await prepareTopUp(world, team)
    await lookAgain()
    expect(await listTopUps(world, team)).toEqual([])
    expect((await readBalance(metering, team.id, included, new Date())).isLow).toBe(false)
  })

  test("a capture is usage, a release isn’t, and what a capture gives back ends what made it due", async () => {
    await credit(world.db, pool(), usd(12))
    await enableTopUpWithoutCharge()
    const { hold: first } = await hold(1_188)
    await spend(12)
    expect((await settings()).dueCause).toBe("usage")
    const authorise = () => undefined
    await captureHold(
      metering,
      team.id,
      { holdId: first.id, authorise, readQuantity: () => sms(12) },
      new Date(),
    )
    expect((await settings()).dueCause).toBeNull()
    const { hold: second } = await hold(600)
    await releaseHold(metering, team.id, { holdId: second.id, authorise }, new Date())
    expect((await settings()).dueCause).toBeNull()
    const { hold: third } = await hold(600)
    await captureHold(
      metering,
      team.id,
      { holdId: third.id, authorise, readQuantity: () => sms(600) },
      new Date(),
    )
    expect((await settings()).dueCause).toBe("usage")
  })
})

describe("a refusal for want of credits", () => {
  test("balance $12, threshold $10, requests of $15: due once, topped up once, and then paid", async () => {
    await credit(world.db, pool(), usd(12))
    await prepareTopUp(world, team)
    const answers = await Promise.all(Array.from({ length: 20 }, () => spend(1_500)))
    expect(answers).toEqual(Array.from({ length: 20 }, () => ({ refused: "insufficient_credits" })))
    await lookAgain()
    expect(await causes()).toEqual(["refusal"])
    expect(await reasons()).toEqual(["charge"])
    expect(await spend(1_500)).toMatchObject({ replayed: false })
  })

  test("of what no top-up could pay for charges nothing, and asking first doesn’t either", async () => {
    await credit(world.db, pool(), usd(12))
    await prepareTopUp(world, team)
    await spend(100_000_000)
    await preflight(metering, team.id, { consumable: "sms", quantity: sms(1_500), cause }, new Date())
    await lookAgain()
    expect((await settings()).dueCause).toBeNull()
    expect(await listTopUps(world, team)).toEqual([])
  })

  test("of a hold makes it due as well", async () => {
    await credit(world.db, pool(), usd(12))
    await prepareTopUp(world, team)
    await expect(hold(1_500)).rejects.toMatchObject({ code: "insufficient_credits" })
    await lookAgain()
    expect(await causes()).toEqual(["refusal"])
  })
})

test("the sweep finds what is due and whose job was lost, and nothing of a team that is gone", async () => {
  await credit(world.db, pool(), usd(12))
  await enableTopUpWithoutCharge()
  await spend(600)
  expect(await isSwept()).toBe(true)
  await world.db.team.update({ where: { id: team.id }, data: { deletedAt: new Date() } })
  expect(await isSwept()).toBe(false)
})

test.each([
  ["that waits for a person", "pm_card_authenticationRequired", null],
  ["whose card is suspended", "pm_card_visa", "stolen_card"],
] as const)("the sweep leaves a pool alone %s, though it is due", async (_, card, code) => {
  await addCard(world, team, card)
  const customer = await customerOf(world, team)
  if (code) await world.stripe.control.nextPayment({ kind: "decline", code, customer })
  await enableTopUp(world, team)
  expect(await isSwept()).toBe(true)
  await runTopUp(world, team)
  expect((await settings()).dueCause).toBe("save")
  expect(await isSwept()).toBe(false)
})

test("another card after a failure is a cause", async () => {
  await addCard(world, team, "pm_card_chargeCustomerFail")
  await enableTopUp(world, team)
  await runTopUp(world, team)
  expect(await listTopUps(world, team)).toMatchObject([{ status: "failed", dueCause: "save" }])
  const id = await addCard(world, team, "pm_card_visa")
  await stripeAt(world.stripe.url).customers.update(await customerOf(world, team), {
    invoice_settings: { default_payment_method: id },
  })
  await syncPaymentMethods({ db: world.db, now: new Date() }, team.id)
  expect((await settings()).dueCause).toBe("new_card")
  await lookAgain()
  expect(await causes()).toEqual(["save", "new_card"])
})

async function enableTopUpWithoutCharge(): Promise<void> {
  await prepareTopUp(world, team)
  expect((await settings()).dueCause).toBeNull()
}
