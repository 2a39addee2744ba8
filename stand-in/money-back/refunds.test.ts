import { describe, expect, test } from "vitest"
import { chargeSavedCard, saveCard, standInPerTest, until } from "../testing"

const standIn = standInPerTest()

async function pay(name = "pm_card_visa") {
  const intent = await chargeSavedCard(standIn.stripe, await saveCard(standIn.stripe, name))
  return { customer: String(intent.customer), charge: String(intent.latest_charge), intent: intent.id }
}

async function refundEvents(customer: string): Promise<string[]> {
  const { data } = await standIn.control.events({ customer })
  return data.map((event) => event.type).filter((type) => type.includes("refund"))
}

const CREATED = ["refund.created", "charge.refunded"]
const UPDATED = ["refund.updated", "charge.refund.updated"]

describe("a refund", () => {
  test("refunds a part, then the rest, and nothing more", async () => {
    const { stripe, control } = standIn
    const { charge, customer, intent } = await pay()
    await stripe.refunds.create({ payment_intent: intent, amount: 1000, metadata: { why: "test" } })
    await control.refund(charge)
    const refunded = await stripe.charges.retrieve(charge, { expand: ["refunds"] })
    expect(refunded).toMatchObject({
      refunded: true,
      amount_refunded: 2500,
      refunds: { data: [{ amount: 1500 }, { amount: 1000 }] },
    })
    await expect(stripe.refunds.create({ payment_intent: intent })).rejects.toThrow(/already been refunded/)
    expect((await control.payments({ customer })).data).toMatchObject([{ refunded: 2500 }])
    expect(await refundEvents(customer)).toEqual([...CREATED, ...UPDATED, ...CREATED, ...UPDATED])
  })

  test("refuses more than is left, and replays the first answer for the same key", async () => {
    const { stripe } = standIn
    const { charge } = await pay()
    const create = (amount: number) =>
      stripe.refunds.create({ charge, amount }, { idempotencyKey: `refund-${amount}` })
    const [first, second] = [await create(2000), await create(2000)]
    expect(second.id).toBe(first.id)
    await expect(create(501)).rejects.toThrow(/greater than unrefunded amount/)
    expect((await create(500)).status).toBe("succeeded")
  })

  test("keeps its metadata up to date", async () => {
    const { stripe } = standIn
    const { charge, customer } = await pay()
    const { id } = await stripe.refunds.create({ charge, metadata: { a: "1" } })
    const updated = await stripe.refunds.update(id, { metadata: { b: "2" } })
    expect(updated.metadata).toEqual({ a: "1", b: "2" })
    expect((await refundEvents(customer)).slice(-2)).toEqual(UPDATED)
  })

  test("lists by charge, by payment and by time, in pages", async () => {
    const { stripe, control } = standIn
    const [mine, other] = [await pay(), await pay()]
    const ids: string[] = []
    for (const amount of [100, 200, 300]) {
      ids.unshift((await stripe.refunds.create({ charge: mine.charge, amount })).id)
      await control.advance(10_000)
    }
    await stripe.refunds.create({ charge: other.charge })
    const page = await stripe.refunds.list({ charge: mine.charge, limit: 2 })
    expect([page.data.map((each) => each.id), page.has_more]).toEqual([ids.slice(0, 2), true])
    const rest = await stripe.refunds.list({ payment_intent: mine.intent, starting_after: ids[1] })
    expect([rest.data.map((each) => each.id), rest.has_more]).toEqual([ids.slice(2), false])
    const { created } = await stripe.refunds.retrieve(ids[1] ?? "")
    const since = await stripe.refunds.list({ payment_intent: mine.intent, created: { gte: created } })
    expect(since.data.map((each) => each.id)).toEqual(ids.slice(0, 2))
  })
})

describe("a refund that fails later", () => {
  test("with the card published for it, by itself: the charge is as before", async () => {
    const { stripe, control } = standIn
    const { charge, customer } = await pay("pm_card_refundFail")
    const refund = await stripe.refunds.create({ charge, amount: 1000 })
    expect(refund.status).toBe("succeeded")
    await control.advance(2000)
    expect(
      await stripe.refunds.retrieve(refund.id, { expand: ["failure_balance_transaction"] }),
    ).toMatchObject({
      status: "failed",
      failure_reason: "expired_or_canceled_card",
      failure_balance_transaction: { type: "refund_failure", amount: 1000, source: refund.id },
    })
    expect(await stripe.charges.retrieve(charge)).toMatchObject({ amount_refunded: 0, refunded: false })
    expect((await refundEvents(customer)).slice(-3)).toEqual([...UPDATED, "refund.failed"])
    await control.advance(3_600_000)
    expect((await control.events({ customer, type: "refund.failed" })).count).toBe(1)
  })

  test("on any card when a test says so, and the money can be refunded again", async () => {
    const { stripe, control } = standIn
    const { charge } = await pay()
    const { id } = await stripe.refunds.create({ charge })
    await control.failRefund(id, { reason: "lost_or_stolen_card" })
    expect(await stripe.refunds.retrieve(id)).toMatchObject({ failure_reason: "lost_or_stolen_card" })
    expect((await stripe.refunds.create({ charge })).amount).toBe(2500)
    await expect(control.failRefund(id)).rejects.toThrow(/status of failed/)
  })
})

describe("a refund that takes its time", () => {
  test("is pending first with the card published for it, and then gets through by itself", async () => {
    const { stripe } = standIn
    const { charge, customer } = await pay("pm_card_pendingRefund")
    const refund = await stripe.refunds.create({ charge })
    expect(refund).toMatchObject({ status: "pending", pending_reason: "processing" })
    expect((await stripe.charges.retrieve(charge)).amount_refunded).toBe(2500)
    await until(
      () => stripe.refunds.retrieve(refund.id),
      (now) => now.status === "succeeded" && now.pending_reason === undefined,
    )
    expect(await refundEvents(customer)).toEqual([...CREATED, ...UPDATED])
  })

  test("waits for a test when one asked for it, and then succeeds or fails", async () => {
    const { stripe, control } = standIn
    const { charge } = await pay()
    const ids: string[] = []
    for (const _ of [1, 2]) ids.push((await control.refund(charge, { amount: 500, status: "pending" })).id)
    await control.advance(3_600_000)
    await control.succeedRefund(ids[0] ?? "")
    await control.failRefund(ids[1] ?? "")
    const { data } = await stripe.refunds.list({ charge })
    expect(data.map((each) => each.status)).toEqual(["failed", "succeeded"])
    expect((await stripe.charges.retrieve(charge)).amount_refunded).toBe(500)
  })

  test("is canceled by the API only while it waits for the customer, by the Dashboard also when pending", async () => {
    const { stripe, control } = standIn
    const { charge } = await pay()
    const waiting = await control.refund(charge, { amount: 500, status: "requires_action" })
    const pending = await control.refund(charge, { amount: 700, status: "pending" })
    const done = await stripe.refunds.create({ charge, amount: 900 })
    expect((await stripe.refunds.cancel(waiting.id)).status).toBe("canceled")
    await expect(stripe.refunds.cancel(pending.id)).rejects.toThrow(/status of pending/)
    await expect(stripe.refunds.cancel(done.id)).rejects.toThrow(/status of succeeded/)
    await control.cancelRefund(pending.id)
    expect(await stripe.refunds.retrieve(pending.id)).toMatchObject({
      status: "canceled",
      failure_reason: "merchant_request",
    })
    expect((await stripe.charges.retrieve(charge)).amount_refunded).toBe(900)
  })
})
