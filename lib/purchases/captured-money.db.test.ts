import { describe, expect, test } from "vitest"
import { watchAlarms } from "@/dev/testing/alarms"
import { readPool, usd } from "@/dev/testing/ledger"
import { payCheckout, readPurchase, startTestPurchase, type TestPurchase } from "@/dev/testing/purchases"
import { createTestTeam } from "@/dev/testing/teams"
import { testWorld } from "@/dev/testing/world"
import { newId } from "@/lib/ids"
import { fulfilPurchase } from "./fulfil-purchase"
import { settlePurchase } from "./settle-purchase"

const world = testWorld()
const alarms = watchAlarms()

const settle = ({ ref }: TestPurchase) => settlePurchase({ db: world.db, now: new Date() }, ref)

async function balanceOf({ ref }: TestPurchase): Promise<bigint> {
  const { teamId, poolId } = await readPurchase(world, ref)
  return (await readPool(world.db, { teamId, poolId })).creditsNanos
}

const payment = (paymentIntentId: string) => ({
  paymentIntentId,
  amountMinor: 2500n,
  currency: "usd",
  capturedNanos: usd(25),
  paidNanos: usd(25),
  receiptUrl: null,
})

describe("captured money is credited", () => {
  test.each([
    ["more", 3000, usd(30)],
    ["less", 1999, usd(19.99)],
  ])("as captured when it is %s than quoted, with an alarm", async (_, amount, credited) => {
    const purchase = await startTestPurchase(world, await createTestTeam(world.db))
    await world.stripe.control.nextPayment({ kind: "capture_as", amount, customer: purchase.customerId })
    await payCheckout(world, purchase.sessionId)
    expect(await settle(purchase)).toMatchObject({ status: "succeeded", capturedNanos: credited })
    expect(await balanceOf(purchase)).toBe(credited)
    expect(alarms.codes()).toEqual(["captured_differs_from_quote"])
  })

  test.each([
    ["the team was deleted", { team: { deletedAt: new Date() } }],
    ["the person was removed", { member: { removedAt: new Date() } }],
    ["the person became a Member", { member: { role: "MEMBER" as const } }],
    ["the plan changed", { team: { plan: "enterprise" as const } }],
  ])("though %s between checkout and payment", async (_, change) => {
    const team = await createTestTeam(world.db)
    const purchase = await startTestPurchase(world, team, { actor: team.admin })
    if ("team" in change) await world.db.team.update({ where: { id: team.id }, data: change.team })
    else await world.db.member.updateMany({ where: { id: team.admin.memberId }, data: change.member })
    await payCheckout(world, purchase.sessionId)
    expect(await settle(purchase)).toMatchObject({ status: "succeeded" })
    expect(await balanceOf(purchase)).toBe(usd(25))
  })

  test("though the pool’s holder has left in between", async () => {
    const team = await createTestTeam(world.db)
    const purchase = await startTestPurchase(world, team, { poolId: team.member.poolId })
    await world.db.member.updateMany({ where: { id: team.member.memberId }, data: { removedAt: new Date() } })
    await payCheckout(world, purchase.sessionId)
    expect(await settle(purchase)).toMatchObject({ status: "succeeded" })
    expect(await balanceOf(purchase)).toBe(usd(25))
  })

  test.each(["failed", "expired", "cancelled", "processing"] as const)(
    "though the purchase was taken for %s",
    async (status) => {
      const purchase = await startTestPurchase(world, await createTestTeam(world.db))
      await world.db.purchase.updateMany({ where: { id: purchase.ref.purchaseId }, data: { status } })
      await payCheckout(world, purchase.sessionId)
      await settle(purchase)
      expect(await balanceOf(purchase)).toBe(usd(25))
    },
  )
})

describe("captured money is parked with an alarm", () => {
  test("when it is in another currency", async () => {
    const purchase = await startTestPurchase(world, await createTestTeam(world.db))
    await world.stripe.control.nextPayment({
      kind: "capture_as",
      currency: "jpy",
      amount: 3800,
      customer: purchase.customerId,
    })
    const paymentIntentId = await payCheckout(world, purchase.sessionId)
    await settle(purchase)
    await settle(purchase)
    expect(await balanceOf(purchase)).toBe(0n)
    expect(await world.db.parkedPayment.findUniqueOrThrow({ where: { paymentIntentId } })).toMatchObject({
      teamId: purchase.ref.teamId,
      amountMinor: 3800n,
      currency: "jpy",
      reason: "other_currency",
      resolvedAt: null,
    })
    expect(alarms.codes()).toContain("payment_parked")
  })

  test("when a second payment comes for one purchase, and the first stays credited", async () => {
    const purchase = await startTestPurchase(world, await createTestTeam(world.db))
    const first = await payCheckout(world, purchase.sessionId)
    await settle(purchase)
    const second = `${first}_again`
    const ctx = { db: world.db, now: new Date() }
    expect(await fulfilPurchase(ctx, purchase.ref, payment(second))).toBe("parked")
    expect(await fulfilPurchase(ctx, purchase.ref, payment(first))).toBe("already_credited")
    expect(await balanceOf(purchase)).toBe(usd(25))
    const parked = await world.db.parkedPayment.findMany({ where: { teamId: purchase.ref.teamId } })
    expect(parked).toMatchObject([{ paymentIntentId: second, reason: "purchase_paid_twice" }])
    expect(alarms.codes()).toEqual(["payment_parked"])
  })

  test("when nobody knows the purchase", async () => {
    const team = await createTestTeam(world.db)
    const ref = { teamId: team.id, purchaseId: newId() }
    const outcome = await fulfilPurchase(
      { db: world.db, now: new Date() },
      ref,
      payment(`pi_${ref.purchaseId}`),
    )
    expect(outcome).toBe("parked")
    expect(await world.db.parkedPayment.count({ where: { teamId: team.id } })).toBe(1)
  })
})
