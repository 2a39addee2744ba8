import { afterEach, beforeEach, describe, expect, test } from "vitest"
import { watchAlarms } from "@/dev/testing/alarms"
import { readPool, usd } from "@/dev/testing/ledger"
import { askForPurchase, crashAfter, payCheckout, startTestPurchase } from "@/dev/testing/purchases"
import { figuresOf, reconcileFor, reconcileOnce } from "@/dev/testing/reconciliation"
import { testSql } from "@/dev/testing/sql"
import { createTestTeam, type TestTeam } from "@/dev/testing/teams"
import { testWorld } from "@/dev/testing/world"
import { DAY_MS } from "@/lib/clock"
import { settlePurchase } from "@/lib/purchases/settle-purchase"
import { stripeAt } from "@/stand-in/testing"

const world = testWorld()
const sql = testSql(world)
const alarms = watchAlarms()
let team: TestTeam

// No webhook ever arrives in this file: the stand-in has no endpoint to send it to.
beforeEach(async () => {
  team = await createTestTeam(world.db)
})
afterEach(async () => {
  await world.stripe.control.clearFaults()
  await world.stripe.control.reset()
})

const balance = async (of = team) =>
  (await readPool(world.db, { teamId: of.id, poolId: of.owner.poolId })).creditsNanos

async function pay(count: number, of = team): Promise<string[]> {
  const payments: string[] = []
  for (let index = 0; index < count; index += 1) {
    const { sessionId } = await startTestPurchase(world, of, { address: crypto.randomUUID() })
    payments.push(await payCheckout(world, sessionId))
  }
  return payments
}

const settle = (ref: { teamId: string; purchaseId: string }) =>
  settlePurchase({ db: world.db, now: new Date() }, ref)

const differences = (of = team) =>
  world.db.reconciliationDifference.findMany({
    where: { teamId: of.id },
    orderBy: [{ kind: "asc" }, { objectId: "asc" }],
  })

describe("a run credits", () => {
  test("each payment once when every webhook was lost, and the next run changes nothing", async () => {
    await pay(3)
    expect(await reconcileFor(world.db, team)).toEqual({
      counted: 3,
      matched: 0,
      repaired: 3,
      differences: 0,
    })
    expect(await balance()).toBe(usd(75))
    expect(await reconcileFor(world.db, team)).toEqual({
      counted: 3,
      matched: 3,
      repaired: 0,
      differences: 0,
    })
    expect(await world.db.entry.count({ where: { teamId: team.id } })).toBe(3)
    expect(alarms.codes()).toEqual([])
  })

  test("only what is missing, and leaves what is there", async () => {
    const { ref, sessionId } = await startTestPurchase(world, team)
    await payCheckout(world, sessionId)
    await settle(ref)
    await pay(1)
    expect(await reconcileFor(world.db, team)).toEqual({
      counted: 2,
      matched: 1,
      repaired: 1,
      differences: 0,
    })
    expect(await balance()).toBe(usd(50))
  })

  test("a payment whose purchase never learned of its checkout", async () => {
    await expect(askForPurchase(world, team, { db: crashAfter(world.db, 1) })).rejects.toThrow("ended here")
    const [session] = (await stripeAt(world.stripe.url).checkout.sessions.list({ limit: 1 })).data
    await payCheckout(world, session?.id ?? "")
    expect(await reconcileFor(world.db, team)).toMatchObject({ repaired: 1 })
    expect(await balance()).toBe(usd(25))
  })

  test.each(["failed", "expired", "cancelled", "processing", "open"] as const)(
    "what a ledger restored from an older backup takes for %s",
    async (status) => {
      const { ref, sessionId } = await startTestPurchase(world, team)
      await payCheckout(world, sessionId)
      await world.db.purchase.updateMany({ where: { id: ref.purchaseId }, data: { status } })
      expect(await reconcileFor(world.db, team)).toMatchObject({ repaired: 1, differences: 0 })
      expect(await balance()).toBe(usd(25))
    },
  )

  test("a payment that was made before the window, if its purchase still waits for it", async () => {
    const { ref, sessionId } = await startTestPurchase(world, team)
    await payCheckout(world, sessionId)
    await world.db.purchase.updateMany({ where: { id: ref.purchaseId }, data: { status: "processing" } })
    const { runId } = await reconcileOnce(world.db, { since: new Date(Date.now() + DAY_MS) })
    expect(await figuresOf(world.db, team, runId)).toMatchObject({ counted: 1, repaired: 1 })
    expect(await balance()).toBe(usd(25))
  })

  test("for a customer that was replaced since", async () => {
    await pay(1)
    await world.db.stripeCustomer.updateMany({ where: { teamId: team.id }, data: { replacedAt: new Date() } })
    await reconcileOnce(world.db, { teamId: team.id })
    expect(await balance()).toBe(usd(25))
  })

  test("every one of more than a page of payments, though many were made in the same second", async () => {
    const { customerId } = await startTestPurchase(world, team)
    await pay(2)
    await Promise.all(
      Array.from({ length: 130 }, () =>
        stripeAt(world.stripe.url).paymentIntents.create({
          amount: 500,
          currency: "usd",
          customer: customerId,
        }),
      ),
    )
    await pay(2)
    expect(await reconcileFor(world.db, team)).toMatchObject({ counted: 4, repaired: 4 })
  })

  test("nothing of another team when only one is looked at", async () => {
    const other = await createTestTeam(world.db)
    await pay(1, other)
    await pay(1)
    const { figures, runId } = await reconcileOnce(world.db, { teamId: team.id })
    expect(figures).toEqual({ counted: 1, matched: 0, repaired: 1, differences: 0 })
    expect(await balance(other)).toBe(0n)
    expect(await figuresOf(world.db, other, runId)).toMatchObject({ counted: 0 })
  })
})

describe("a run reports, and changes nothing of", () => {
  test("an amount that differs, with one alarm however often it is seen, until it is resolved", async () => {
    const { ref, sessionId } = await startTestPurchase(world, team)
    const payment = await payCheckout(world, sessionId)
    await settle(ref)
    await sql.damage("UPDATE purchases SET captured_nanos = $2 WHERE id = $1", [
      ref.purchaseId,
      String(usd(20)),
    ])
    expect(await reconcileFor(world.db, team)).toEqual({
      counted: 1,
      matched: 0,
      repaired: 0,
      differences: 1,
    })
    await reconcileFor(world.db, team)
    expect(await differences()).toMatchObject([
      {
        kind: "payment_amount_differs",
        objectId: payment,
        purchaseId: ref.purchaseId,
        stripeMinor: 2500n,
        currency: "usd",
        ledgerNanos: usd(25),
        resolvedAt: null,
      },
    ])
    expect(alarms.codes()).toEqual(["reconciliation_difference"])
    expect(await balance()).toBe(usd(25))
    await sql.damage("UPDATE purchases SET captured_nanos = $2 WHERE id = $1", [
      ref.purchaseId,
      String(usd(25)),
    ])
    expect(await reconcileFor(world.db, team)).toMatchObject({ matched: 1, differences: 0 })
    expect((await differences())[0]?.resolvedAt).not.toBeNull()
  })

  test("a purchase whose entry is not in the ledger", async () => {
    const { ref, sessionId } = await startTestPurchase(world, team)
    await payCheckout(world, sessionId)
    await sql.damage(
      "UPDATE purchases SET status = 'succeeded', captured_nanos = amount_nanos, payment_intent_id = $2, settled_at = now() WHERE id = $1",
      [ref.purchaseId, (await world.stripe.control.payments()).data.at(-1)?.id],
    )
    expect(await reconcileFor(world.db, team)).toMatchObject({ differences: 1 })
    expect(await differences()).toMatchObject([{ kind: "payment_amount_differs", ledgerNanos: 0n }])
    await sql.damage(
      "UPDATE purchases SET status = 'open', captured_nanos = NULL, payment_intent_id = NULL WHERE id = $1",
      [ref.purchaseId],
    )
    await reconcileFor(world.db, team)
    expect(await balance()).toBe(usd(25))
  })

  test("a purchase that Stripe doesn’t know", async () => {
    const { ref, sessionId } = await startTestPurchase(world, team)
    await payCheckout(world, sessionId)
    await settle(ref)
    await sql.damage("UPDATE purchases SET payment_intent_id = 'pi_gone' WHERE id = $1", [ref.purchaseId])
    const figures = await reconcileFor(world.db, team)
    expect(figures).toMatchObject({ matched: 0, repaired: 0 })
    expect(await differences()).toMatchObject([
      { kind: "payment_not_credited" },
      { kind: "payment_unknown_at_stripe", objectId: "pi_gone", stripeMinor: null, ledgerNanos: usd(25) },
    ])
    expect(await balance()).toBe(usd(25))
    await sql.damage("UPDATE purchases SET payment_intent_id = $2 WHERE id = $1", [
      ref.purchaseId,
      (await world.db.parkedPayment.findFirstOrThrow({ where: { teamId: team.id } })).paymentIntentId,
    ])
  })

  test("a payment in another currency, which is parked once", async () => {
    const { sessionId, customerId } = await startTestPurchase(world, team)
    await world.stripe.control.nextPayment({
      kind: "capture_as",
      currency: "jpy",
      amount: 3800,
      customer: customerId,
    })
    const payment = await payCheckout(world, sessionId)
    await reconcileFor(world.db, team)
    await reconcileFor(world.db, team)
    expect(await balance()).toBe(0n)
    expect(await differences()).toMatchObject([
      {
        kind: "payment_not_credited",
        objectId: payment,
        stripeMinor: 3800n,
        currency: "jpy",
        ledgerNanos: null,
      },
    ])
    expect(alarms.codes()).toEqual(["payment_parked", "reconciliation_difference"])
    // A person has decided its outcome.
    await world.db.parkedPayment.updateMany({ where: { teamId: team.id }, data: { resolvedAt: new Date() } })
    expect(await reconcileFor(world.db, team)).toMatchObject({ matched: 1, differences: 0 })
    expect((await differences())[0]?.resolvedAt).not.toBeNull()
  })

  test("a payment of a customer that nobody knows, which is parked without a team", async () => {
    await pay(1)
    const { id: customerId } = await world.db.stripeCustomer.findFirstOrThrow({ where: { teamId: team.id } })
    await world.db.stripeCustomer.delete({ where: { id: customerId } })
    const { figures } = await reconcileOnce(world.db)
    expect(figures.differences).toBeGreaterThan(0)
    expect(await differences()).toEqual([])
    expect(
      await world.db.parkedPayment.findFirst({ where: { teamId: null }, orderBy: { createdAt: "desc" } }),
    ).toMatchObject({ reason: "unknown_customer", amountMinor: 2500n })
    expect(alarms.codes()).toContain("payment_parked")
    await world.db.stripeCustomer.create({ data: { id: customerId, teamId: team.id } })
  })
})
