import { describe, expect, test } from "vitest"
import { usd } from "@/dev/testing/ledger"
import { testPaidCheckout } from "@/dev/testing/paid-checkout"
import { sendEvent, workInbox } from "@/dev/testing/webhooks"
import { recordDispute } from "./record-dispute"

const paid = testPaidCheckout()
const { world, settle, pool, kinds } = paid
const hear = (objectId: string) =>
  recordDispute({ db: world.db, now: new Date() }, { id: "evt_test", objectId, customerId: null })

describe("a dispute", () => {
  test("takes its amount without the fee and returns it when it is won", async () => {
    await settle()
    const { id } = await world.stripe.control.dispute(paid.charge(), { amount: 2000 })
    expect(await hear(id)).toBe("processed")
    expect(await pool()).toMatchObject({ creditsNanos: usd(5) })
    await world.stripe.control.closeDispute(id, "won")
    for (let times = 0; times < 2; times++) await hear(id)
    expect(await pool()).toMatchObject({ creditsNanos: usd(25) })
    expect(await kinds()).toEqual(["purchase", "dispute", "dispute_reversal"])
  })

  test("by the webhooks that Stripe sends about it, each twice and in reverse, ends as it should", async () => {
    await settle()
    const { id } = await world.stripe.control.dispute(paid.charge())
    await world.stripe.control.closeDispute(id, "lost")
    const { data } = await world.stripe.control.events()
    const about = data.filter(
      ({ type, data: body }) => /dispute/.test(type) && "id" in body.object && body.object.id === id,
    )
    expect(about.length).toBeGreaterThan(2)
    for (const { id: eventId, type, data: body } of [...about.reverse(), ...about]) {
      await sendEvent({ id: eventId, type, data: body })
      await workInbox(world)
    }
    expect(await pool()).toMatchObject({ creditsNanos: 0n })
    expect(await kinds()).toEqual(["purchase", "dispute"])
    expect(await world.db.dispute.findMany({ where: { teamId: paid.team().id } })).toMatchObject([
      { status: "lost" },
    ])
  })

  test("that is only an inquiry takes nothing until the bank goes on with it", async () => {
    await settle()
    const { id } = await world.stripe.control.dispute(paid.charge(), { inquiry: true })
    await hear(id)
    expect(await kinds()).toEqual(["purchase"])
    await world.stripe.control.escalateDispute(id)
    await hear(id)
    expect(await kinds()).toEqual(["purchase", "dispute"])
  })

  test("before its payment was credited waits, and credit and dispute come to nothing", async () => {
    const { id } = await world.stripe.control.dispute(paid.charge())
    expect(await hear(id)).toBe("processed")
    expect(await kinds()).toEqual([])
    await settle()
    expect(await pool()).toMatchObject({ creditsNanos: 0n, debtNanos: 0n })
  })

  test("that a bank only warns of takes no credits", async () => {
    await settle()
    const warning = await world.stripe.control.warnOfFraud(paid.charge())
    await sendEvent({ type: "radar.early_fraud_warning.created", data: { object: { id: warning.id } } })
    await workInbox(world)
    expect(await kinds()).toEqual(["purchase"])
  })
})
