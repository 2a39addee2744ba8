import { afterEach, describe, expect, test } from "vitest"
import { watchAlarms } from "@/dev/testing/alarms"
import { readPool, usd } from "@/dev/testing/ledger"
import { payCheckout, readPurchase, startTestPurchase, type TestPurchase } from "@/dev/testing/purchases"
import { createTestTeam } from "@/dev/testing/teams"
import { testWorld } from "@/dev/testing/world"
import { NotFoundError, UnavailableError } from "@/lib/errors"
import type { PaymentState } from "@/lib/stripe/payment-state"
import { confirmPurchase } from "./confirm-purchase"
import { applyPaymentState, settlePurchase } from "./settle-purchase"

const world = testWorld()
const alarms = watchAlarms()
afterEach(() => world.stripe.control.reset())

const settle = ({ ref }: TestPurchase) => settlePurchase({ db: world.db, now: new Date() }, ref)
const start = async () => startTestPurchase(world, await createTestTeam(world.db))

async function startProcessing(): Promise<TestPurchase> {
  const purchase = await start()
  await world.stripe.control.nextPayment({ kind: "processing", customer: purchase.customerId })
  await world.stripe.control.pay(purchase.sessionId)
  await settle(purchase)
  expect(await readPurchase(world, purchase.ref)).toMatchObject({ status: "processing" })
  return purchase
}

describe("settling", () => {
  test("credits what was paid", async () => {
    const purchase = await start()
    const paymentIntentId = await payCheckout(world, purchase.sessionId)
    expect(await settle(purchase)).toMatchObject({
      status: "succeeded",
      capturedNanos: usd(25),
      paymentIntentId,
      receiptUrl: expect.stringContaining(world.stripe.url),
    })
  })

  test("twenty times at once credits once", async () => {
    const purchase = await start()
    await payCheckout(world, purchase.sessionId)
    await Promise.all(Array.from({ length: 20 }, () => settle(purchase)))
    const { poolId, teamId } = await readPurchase(world, purchase.ref)
    expect(await readPool(world.db, { teamId, poolId })).toMatchObject({ creditsNanos: usd(25), lastSeq: 1n })
  })

  test("leaves an open checkout open", async () => {
    expect(await settle(await start())).toMatchObject({ status: "open" })
  })

  test("leaves a checkout open whose card was declined", async () => {
    const purchase = await start()
    await world.stripe.control.pay(purchase.sessionId, { payment_method: "pm_card_chargeDeclined" })
    expect(await settle(purchase)).toMatchObject({ status: "open" })
    await payCheckout(world, purchase.sessionId)
    expect(await settle(purchase)).toMatchObject({ status: "succeeded" })
  })

  test("credits a payment that was processing and then succeeded", async () => {
    const purchase = await startProcessing()
    await world.stripe.control.settle(purchase.sessionId, { outcome: "succeed" })
    expect(await settle(purchase)).toMatchObject({ status: "succeeded", capturedNanos: usd(25) })
  })

  test("ends a payment that was processing and then failed", async () => {
    const purchase = await startProcessing()
    await world.stripe.control.settle(purchase.sessionId, { outcome: "fail" })
    const ended = await settle(purchase)
    expect(ended).toMatchObject({ status: "failed", capturedNanos: null })
    expect(await readPurchase(world, purchase.ref)).toMatchObject({
      failureReason: expect.stringMatching(/\w/),
      settledAt: expect.any(Date),
    })
  })

  test("ends a checkout whose time is up", async () => {
    const purchase = await start()
    await world.stripe.control.expire(purchase.sessionId)
    expect(await settle(purchase)).toMatchObject({ status: "expired" })
    expect(await settle(purchase)).toMatchObject({ status: "expired" })
  })

  test.each([{ kind: "reset" }, { kind: "status", status: 500 }, { kind: "bad_json" }] as const)(
    "changes nothing while Stripe can’t be asked (%o)",
    async (fault) => {
      const purchase = await start()
      await payCheckout(world, purchase.sessionId)
      await world.stripe.control.fault({ match: { method: "GET" }, times: 2, fault })
      await expect(settle(purchase)).rejects.toThrow(UnavailableError)
      expect(await readPurchase(world, purchase.ref)).toMatchObject({ status: "open" })
      await world.stripe.control.clearFaults()
      expect(await settle(purchase)).toMatchObject({ status: "succeeded" })
    },
  )

  test("doesn’t ask Stripe about a purchase that is settled", async () => {
    const purchase = await start()
    await payCheckout(world, purchase.sessionId)
    await settle(purchase)
    const { count } = await world.stripe.control.requests()
    await settle(purchase)
    expect((await world.stripe.control.requests()).count).toBe(count)
  })
})

describe("a late report", () => {
  const LATE: PaymentState[] = [
    { status: "open" },
    { status: "processing" },
    { status: "expired" },
    { status: "failed", reason: "Too late." },
    { status: "nothing_due" },
  ]

  test.each(LATE)("of %o changes nothing once a purchase is paid", async (state) => {
    const purchase = await start()
    await payCheckout(world, purchase.sessionId)
    const paid = await settle(purchase)
    await applyPaymentState({ db: world.db, now: new Date() }, purchase.ref, state)
    expect(await readPurchase(world, purchase.ref)).toEqual(paid)
  })

  test.each(LATE)("of %o changes nothing once a purchase was cancelled", async (state) => {
    const { ref } = await start()
    await world.db.purchase.updateMany({ where: { id: ref.purchaseId }, data: { status: "cancelled" } })
    await applyPaymentState({ db: world.db, now: new Date() }, ref, state)
    expect(await readPurchase(world, ref)).toMatchObject({ status: "cancelled", failureReason: null })
  })
})

test("a checkout that completed without a payment ends its purchase with an alarm, and credits nothing", async () => {
  const { ref } = await start()
  await applyPaymentState({ db: world.db, now: new Date() }, ref, { status: "nothing_due" })
  expect(await readPurchase(world, ref)).toMatchObject({
    status: "failed",
    failureReason: "Nothing was charged.",
    capturedNanos: null,
  })
  expect(alarms.codes()).toEqual(["checkout_without_payment"])
})

describe("confirming", () => {
  const confirm = (ref: TestPurchase["ref"]) => confirmPurchase({ db: world.db, now: new Date() }, ref)

  test("answers with the balance once a payment is credited", async () => {
    const purchase = await start()
    expect(await confirm(purchase.ref)).toEqual({ status: "open" })
    await payCheckout(world, purchase.sessionId)
    expect(await confirm(purchase.ref)).toEqual({
      status: "succeeded",
      amountNanos: usd(25),
      balanceNanos: usd(25),
      receiptUrl: expect.any(String),
    })
  })

  test("says that a payment is processing", async () => {
    const purchase = await startProcessing()
    expect(await confirm(purchase.ref)).toEqual({ status: "processing" })
  })

  test("finds nothing for another team, and credits nothing", async () => {
    const purchase = await start()
    const other = await createTestTeam(world.db)
    await payCheckout(world, purchase.sessionId)
    await expect(confirm({ ...purchase.ref, teamId: other.id })).rejects.toThrow(NotFoundError)
    expect(await readPurchase(world, purchase.ref)).toMatchObject({ status: "open" })
  })
})
