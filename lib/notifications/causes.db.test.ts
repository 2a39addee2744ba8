import { beforeEach, describe, expect, test } from "vitest"
import { enableTopUp, prepareTopUp, runTopUp, setCap } from "@/dev/testing/auto-top-up"
import { credit, readPool, usd } from "@/dev/testing/ledger"
import { createPayingTeam, testMetering } from "@/dev/testing/metering"
import { answerTo, usageOf } from "@/dev/testing/metering-usage"
import { buy, disputeOf, refundOf, report, reportDispute } from "@/dev/testing/money-back"
import { listNotifications, listTypes, workFalls } from "@/dev/testing/notifications"
import { addCard } from "@/dev/testing/payment-methods"
import { payCheckout, startTestPurchase } from "@/dev/testing/purchases"
import type { TestTeam } from "@/dev/testing/teams"
import { receiveWebhooks, workInbox } from "@/dev/testing/webhooks"
import { testWorld } from "@/dev/testing/world"
import { DAY_MS, HOUR_MS, MINUTE_MS } from "@/lib/clock"
import { queryIn } from "@/lib/db/query"
import type { Metering } from "@/lib/metering/metering"
import { confirmPurchase } from "@/lib/purchases/confirm-purchase"
import { startOfMonth } from "@/lib/top-up-settings/month"
import { stripeAt } from "@/stand-in/testing"
import { getInbox } from "./queries"
import { raise } from "./raise"

const world = testWorld()
receiveWebhooks(world)
const meterings = testMetering(world)
let team: TestTeam
let metering: Metering

beforeEach(async () => {
  await world.stripe.control.reset()
  metering = meterings.start()
  team = (await createPayingTeam(world, 0n)).team
})

const pool = () => ({ teamId: team.id, poolId: team.owner.poolId })
/** Voice costs 24,000 nanos per thousandth of a minute, so this draws the amount or a little less. */
const spend = async (nanos: bigint) => {
  const usage = usageOf({ consumable: "voice", quantity: nanos / 24_000n })
  expect(await answerTo(metering, team.id, usage)).toHaveProperty("receipt")
}
const later = (ms: number) => new Date(Date.now() + ms)
const types = () => listTypes(world, team)
const told = async (type: string) =>
  (await listNotifications(world, team)).filter((each) => each.type === type)

describe("a fall of the balance", () => {
  test("is told once for low and once for used up", async () => {
    await credit(world.db, pool(), usd(20))
    await spend(usd(15))
    await workFalls(world, team)
    expect(await told("credit_balance_low")).toMatchObject([
      { poolId: team.owner.poolId, data: { balance: "5.00", threshold: "5.00" } },
    ])
    await spend(usd(5))
    await workFalls(world, team)
    await workFalls(world, team)
    expect(await types()).toEqual(["credit_balance_low", "credit_balance_depleted"])
  })

  test("is told again after the balance has recovered by more than a little", async () => {
    await credit(world.db, pool(), usd(6))
    await spend(usd(1.2))
    await workFalls(world, team)
    await credit(world.db, pool(), usd(1.2))
    await spend(usd(1.2))
    await workFalls(world, team)
    expect(await types()).toEqual(["credit_balance_low", "credit_balance_low"])
  })

  test("is told once while the balance flaps around its threshold", async () => {
    await credit(world.db, pool(), usd(5.1))
    for (let n = 0; n < 100; n++) {
      await spend(usd(0.12))
      // Each fall is handled while it lasts.
      expect(await workFalls(world, team)).toBe(1)
      await credit(world.db, pool(), usd(0.12))
    }
    expect(await types()).toEqual(["credit_balance_low"])
  })

  test("is not told if it was over before anybody looked", async () => {
    await credit(world.db, pool(), usd(6))
    await spend(usd(1.2))
    await credit(world.db, pool(), usd(10))
    expect(await workFalls(world, team)).toBe(1)
    expect(await types()).toEqual([])
  })
})

describe("with auto top-up on", () => {
  const fall = async () => {
    await credit(world.db, pool(), usd(20))
    await spend(usd(12))
  }

  test("a fall that it mends is not told; what it added is, once", async () => {
    await addCard(world, team)
    await credit(world.db, pool(), usd(20))
    await enableTopUp(world, team)
    await spend(usd(12))
    await workFalls(world, team)
    expect(await types()).toEqual([])
    await runTopUp(world, team)
    await workInbox(world)
    await workFalls(world, team, later(MINUTE_MS))
    expect(await listNotifications(world, team)).toMatchObject([
      { type: "credit_auto_recharge_triggered", data: { amount: "50.00", balance: "58.00" } },
    ])
  })

  test("a fall that it hasn’t mended within a minute is told", async () => {
    await addCard(world, team)
    await credit(world.db, pool(), usd(20))
    await enableTopUp(world, team)
    await spend(usd(12))
    await workFalls(world, team)
    const [waiting] = await world.db.$queryRaw<{ runAt: Date }[]>`
      SELECT run_at AS "runAt" FROM graphile_worker._private_jobs WHERE key LIKE ${`tell-balance:${team.owner.poolId}:%:second`}`
    expect((waiting?.runAt.getTime() ?? 0) - Date.now()).toBeGreaterThan(MINUTE_MS - 5_000)
    await workFalls(world, team, later(MINUTE_MS))
    expect(await types()).toEqual(["credit_balance_low"])
  })

  test("a fall is told at once if it can’t work", async () => {
    await addCard(world, team)
    await setCap(world, team, 0n)
    await enableTopUp(world, team)
    await fall()
    await workFalls(world, team)
    expect(await types()).toEqual(["credit_balance_low"])
  })

  test("each failed charge is told with its reason and the next try, and the third suspends", async () => {
    await prepareTopUp(world, team, "pm_card_chargeCustomerFail")
    const begin = new Date()
    for (let hour = 0; hour < 3; hour++)
      await runTopUp(world, team, new Date(begin.getTime() + hour * HOUR_MS))
    const failed = await told("credit_purchase_failed")
    expect(failed.map(({ data }) => (data as { retry_at: string | null }).retry_at)).toEqual([
      new Date(begin.getTime() + HOUR_MS).toISOString(),
      new Date(begin.getTime() + 2 * HOUR_MS).toISOString(),
      null,
    ])
    expect(failed[0]?.data).toMatchObject({
      kind: "auto_top_up",
      amount: "50.00",
      reason: expect.stringContaining("declined"),
    })
    expect(await told("credit_auto_recharge_suspended")).toMatchObject([{ data: { failures: 3 } }])
  })

  test("a bank that wants a person is told of once, and as a failure when nobody came", async () => {
    await prepareTopUp(world, team, "pm_card_authenticationRequired")
    for (let n = 0; n < 3; n++) await runTopUp(world, team, later(n * MINUTE_MS))
    expect(await types()).toEqual(["credit_payment_action_required"])
    await runTopUp(world, team, later(DAY_MS + MINUTE_MS))
    expect(await types()).toEqual(["credit_payment_action_required", "credit_purchase_failed"])
  })

  test("80% of the cap is told, then all of it, once a month each", async () => {
    await addCard(world, team)
    await enableTopUp(world, team, { amount: 80 })
    const percents = async () =>
      (await told("credit_spend_cap_reached")).map(({ data }) => (data as { percent: number }).percent)
    // All within one month, whenever the test runs.
    const begin = startOfMonth(later(31 * DAY_MS)).getTime()
    const hour = (n: number) => new Date(begin + n * HOUR_MS)
    for (let n = 0; n < 4; n++) {
      await runTopUp(world, team, hour(n))
      const { creditsNanos } = await readPool(world.db, pool())
      if (creditsNanos > usd(1)) await spend(creditsNanos)
    }
    // $160.00 of $200.00, and no third warning.
    expect(await percents()).toEqual([80, 100])
    await setCap(world, team, usd(300))
    await runTopUp(world, team, hour(5))
    expect(await percents()).toEqual([80, 100, 80])
  })
})

test("a purchase that was paid is told once, whoever hears of it", async () => {
  const { ref, sessionId } = await startTestPurchase(world, team)
  await payCheckout(world, sessionId)
  await Promise.all([1, 2, 3].map(() => confirmPurchase({ db: world.db, now: new Date() }, ref)))
  await workInbox(world)
  expect(await listNotifications(world, team)).toMatchObject([
    { type: "credit_purchase_succeeded", data: { amount: "25.00", balance: "25.00" } },
  ])
  const unread = async ({ memberId }: { memberId: string }, role: "OWNER" | "ADMIN") =>
    (await getInbox(world.db, team.id, { id: memberId, role }, new Date())).unread
  expect([await unread(team.owner, "OWNER"), await unread(team.admin, "ADMIN")]).toEqual([0, 1])
})

test("a dispute is told once, an inquiry never", async () => {
  const { sessionId, ref } = await startTestPurchase(world, team)
  await payCheckout(world, sessionId)
  await confirmPurchase({ db: world.db, now: new Date() }, ref)
  const { data } = await stripeAt(world.stripe.url).charges.list({ limit: 1 })
  await world.stripe.control.dispute(data[0]?.id ?? "")
  await workInbox(world)
  await workInbox(world)
  expect(await told("credit_dispute_opened")).toMatchObject([{ data: { amount: "25.00" } }])
})

test("a refund is told once, with what it took, what is left and that auto top-up stays on", async () => {
  const payment = await buy(world.db, pool(), usd(50))
  await addCard(world, team)
  await enableTopUp(world, team)
  await credit(world.db, pool(), usd(20))
  const refund = await refundOf(world.db, payment, usd(30))
  await report(world.db, { ...refund, status: "pending" })
  await Promise.all([1, 2, 3].map(() => report(world.db, refund)))
  expect(await told("credit_refunded")).toMatchObject([
    {
      poolId: team.owner.poolId,
      data: { amount: "30.00", balance: "40.00", paid: { amount: "50.00" }, auto_top_up: true },
    },
  ])
  await report(world.db, await refundOf(world.db, payment, usd(20)))
  expect((await told("credit_refunded")).map(({ data }) => (data as { amount: string }).amount)).toEqual([
    "30.00",
    "20.00",
  ])
})

test("a refund of what a dispute has taken already takes nothing, and isn’t told", async () => {
  const payment = await buy(world.db, pool(), usd(50))
  await reportDispute(world.db, await disputeOf(world.db, payment, usd(50)))
  await report(world.db, await refundOf(world.db, payment, usd(50)))
  expect(await types()).toEqual(["credit_dispute_opened"])
})

test("a notification raised in a transaction that fails was never said", async () => {
  const data = { balance: "0.00" }
  const notice = {
    teamId: team.id,
    poolId: null,
    type: "credit_balance_depleted",
    cause: "one",
    data,
  } as const
  const failing = world.db.$transaction(async (tx) => {
    await raise(queryIn(tx), notice, new Date())
    throw new Error("after all")
  })
  await expect(failing).rejects.toThrow("after all")
  expect(await types()).toEqual([])
  const all = await Promise.all(
    Array.from({ length: 10 }, () => world.db.$transaction((tx) => raise(queryIn(tx), notice, new Date()))),
  )
  expect(all.filter(Boolean)).toHaveLength(1)
  expect(await types()).toEqual(["credit_balance_depleted"])
})
