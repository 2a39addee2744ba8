import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { listTopUps, prepareTopUp, runTopUp, saveInput, topUpCtx } from "@/dev/testing/auto-top-up"
import { usd } from "@/dev/testing/ledger"
import { createPayingTeam, SMS_NANOS, testMetering } from "@/dev/testing/metering"
import { answerTo, usageOf } from "@/dev/testing/metering-usage"
import { buy, disputeOf, refundOf, report, reportDispute, type TestPayment } from "@/dev/testing/money-back"
import { listNotifications, workFalls } from "@/dev/testing/notifications"
import { askForPurchase, payCheckout, startTestPurchase } from "@/dev/testing/purchases"
import { makeAt } from "@/dev/testing/statements"
import type { TestTeam } from "@/dev/testing/teams"
import { testWorld } from "@/dev/testing/world"
import { saveSettings } from "@/lib/auto-top-up/save-settings"
import { sweepTopUps } from "@/lib/auto-top-up/sweep"
import { syncSubscription } from "@/lib/billing/sync-subscription"
import { DAY_MS, HOUR_MS } from "@/lib/clock"
import { connectDb, type Db } from "@/lib/db/client"
import { TeamChangedError } from "@/lib/metering/errors"
import { openHold } from "@/lib/metering/open-hold"
import { releaseHold } from "@/lib/metering/settle-hold"
import { syncPaymentMethods } from "@/lib/payment-methods/sync-payment-methods"
import { fulfilPurchase } from "@/lib/purchases/fulfil-purchase"
import { fanOut } from "./fan-out"
import { renewDuePools } from "./renew-due-pools"

const world = testWorld()
const meterings = testMetering(world)
const TEAMS = 10

type Prepared = { team: TestTeam; payments: [TestPayment, TestPayment]; purchase: Purchase }
type Purchase = Awaited<ReturnType<typeof startTestPurchase>> & { paymentIntentId: string }

/** The same database over two connections. Code that holds one and asks for another waits for others who do the same. */
let two: Db
let metering: ReturnType<typeof meterings.start>
const teams: Prepared[] = []

beforeAll(async () => {
  two = connectDb(world.databaseUrl, 2)
  metering = meterings.start()
  for (let count = 0; count < TEAMS; count++) teams.push(await prepare())
}, 60_000)
afterAll(() => two.$disconnect())

async function prepare(): Promise<Prepared> {
  const { team, pool } = await createPayingTeam(world, usd(1))
  const payments: Prepared["payments"] = [
    await buy(world.db, pool, usd(30)),
    await buy(world.db, pool, usd(30)),
  ]
  await prepareTopUp(world, team)
  const purchase = await startTestPurchase(world, team)
  return {
    team,
    payments,
    purchase: { ...purchase, paymentIntentId: await payCheckout(world, purchase.sessionId) },
  }
}

const now = () => new Date()
const sms = (cents: number) => (usd(1) * BigInt(cents)) / 100n / SMS_NANOS
const cause = { trigger: "api_key", user: null, apiKeyId: null } as const
const authorise = () => undefined

const use = async ({ team }: Prepared, quantity: bigint) => {
  const answer = await answerTo(metering, team.id, usageOf({ quantity }))
  if ("refused" in answer) expect(answer.refused).toBe("insufficient_credits")
}

/** A hold starts over when settings are saved at the same moment. That is no failure. */
const unlessTeamChanged = (error: unknown) => {
  if (!(error instanceof TeamChangedError)) throw error
}

const OPERATIONS: Record<string, (each: Prepared) => Promise<unknown>> = {
  "usage that is paid": (each) => use(each, 1n),
  "usage that leaves little": (each) => use(each, sms(5_400)),
  "usage that is refused": (each) => use(each, sms(4_000)),
  holds: async ({ team }) => {
    const asked = { key: null, consumable: "sms", quantity: 1n, cause, lifeMs: HOUR_MS, authorise } as const
    await openHold(metering, team.id, asked, now())
      .then(({ hold }) => releaseHold(metering, team.id, { holdId: hold.id, authorise }, now()))
      .catch(unlessTeamChanged)
  },
  "falls that are told": ({ team }) => workFalls({ db: two }, team),
  "top-ups": ({ team }) => runTopUp({ db: two }, team),
  sweeps: () => sweepTopUps({ db: two, now: now() }),
  refunds: async ({ payments: [payment] }) => report(two, await refundOf(two, payment, usd(1))),
  disputes: async ({ payments: [, payment] }) => reportDispute(two, await disputeOf(two, payment, usd(1))),
  "notifications that go out": async ({ team }) => {
    for (const { id } of await listNotifications({ db: two }, team))
      await fanOut({ db: two, now: now() }, { teamId: team.id, notificationId: id })
  },
  "checkouts that are opened": ({ team }) => askForPurchase(world, team, { db: two }),
  "purchases that are credited": ({ purchase: { ref, paymentIntentId } }) =>
    fulfilPurchase({ db: two, now: now() }, ref, {
      paymentIntentId,
      capturedNanos: usd(25),
      paidNanos: usd(25),
      amountMinor: 2_500n,
      currency: "usd",
      receiptUrl: null,
    }),
  "copies of payment methods": ({ team }) => syncPaymentMethods({ db: two, now: now() }, team.id),
  "copies of subscriptions": ({ team }) => syncSubscription({ db: two, now: now() }, team.id),
  "settings that are saved": async ({ team }) =>
    saveSettings(
      topUpCtx({ db: two }, team),
      await saveInput({ db: two }, team, { enabled: true, thresholdNanos: usd(9) }),
    ),
  "statements that are made": ({ team }) => makeAt(two, team, new Date(Date.now() + 40 * DAY_MS)),
  renewals: () => renewDuePools({ db: two, now: now() }),
}

describe("with two connections to the database, ten at once don’t wait for each other", () => {
  test.each(Object.entries(OPERATIONS))("%s", async (_, operation) => {
    await Promise.all(teams.map(operation))
  })

  test("all of them together", async () => {
    await Promise.all(Object.values(OPERATIONS).flatMap((operation) => teams.map(operation)))
  }, 30_000)

  test("and what they were for has happened", async () => {
    for (const { team } of teams)
      expect(await listTopUps(world, team)).toEqual(
        expect.arrayContaining([expect.objectContaining({ status: "succeeded" })]),
      )
  })
})
