import Stripe from "stripe"
import { afterEach, describe, expect, test } from "vitest"
import { type Received, SECRET, sessionParams, standInPerTest, startReceiver, until } from "../testing"

const standIn = standInPerTest()
const open: Array<() => Promise<void>> = []

afterEach(async () => {
  for (const close of open.splice(0)) await close()
})

async function receive(answer?: (received: Received) => number, customers?: string[]) {
  const receiver = await startReceiver(answer)
  open.push(receiver.close)
  await standIn.control.addEndpoint({ url: receiver.url, secret: SECRET, customers })
  return receiver
}

function verify(one: Received | undefined, secret = SECRET): Stripe.Event {
  return new Stripe("sk_test_x").webhooks.constructEvent(
    one?.body ?? "",
    one?.headers["stripe-signature"] ?? "",
    secret,
  )
}

describe("webhooks", () => {
  test("are signed with the whole secret and announce a paid session", async () => {
    const receiver = await receive()
    const session = await standIn.stripe.checkout.sessions.create(sessionParams())
    await standIn.control.pay(session.id)
    await until(receiver.types, (types) => types.includes("checkout.session.completed"))
    await until(receiver.types, (types) => types.length === 5)
    expect([...receiver.types()].sort()).toEqual([
      "charge.succeeded",
      "charge.updated",
      "checkout.session.completed",
      "payment_intent.created",
      "payment_intent.succeeded",
    ])
    for (const one of receiver.received) expect(verify(one).api_version).toBe("2026-10-28.endive")
    expect(() => verify(receiver.received[0], SECRET.replace("whsec_", ""))).toThrow()
  })

  test("are tried again with a fresh timestamp until they are taken", async () => {
    let refusals = 2
    const receiver = await receive(() => (refusals-- > 0 ? 500 : 200))
    await standIn.stripe.customers.create()
    const failed = await standIn.stripe.events.list({ delivery_success: false })
    expect(failed.data).toMatchObject([{ type: "customer.created", pending_webhooks: 1 }])
    await until(
      () => receiver.received.length,
      (count) => count === 3,
    )
    const stamps = receiver.received.map((one) => one.headers["stripe-signature"]?.split(",")[0])
    expect(new Set(stamps).size).toBeGreaterThan(1)
    await until(
      async () => (await standIn.stripe.events.list({ delivery_success: true })).data,
      (events) => events.length === 1,
    )
  })

  test("can be dropped, and are then listed as undelivered", async () => {
    const receiver = await receive()
    await standIn.control.webhookRule({ action: "drop", types: ["customer.created"] })
    await standIn.stripe.customers.create()
    await new Promise((resolve) => setTimeout(resolve, 200))
    expect(receiver.received).toHaveLength(0)
    expect((await standIn.stripe.events.list({ delivery_success: false })).data).toHaveLength(1)
  })

  test("can be held for one customer and released in another order", async () => {
    const receiver = await receive()
    const { id: customer } = await standIn.stripe.customers.create()
    await until(receiver.types, (types) => types.length === 1)
    await standIn.control.webhookRule({ action: "hold", customer })
    await standIn.stripe.customers.update(customer, { name: "a" })
    await standIn.stripe.customers.update(customer, { name: "b" })
    await standIn.stripe.customers.create()
    await until(receiver.types, (types) => types.length === 2)
    expect(await standIn.control.release({ customer, order: "reversed" })).toEqual({ released: 2 })
    await until(receiver.types, (types) => types.length === 4)
    expect(receiver.received.slice(2).map((one) => verify(one).data.object)).toMatchObject([
      { name: "b" },
      { name: "a" },
    ])
  })

  test("can be duplicated, delayed and badly signed", async () => {
    const receiver = await receive((one) => {
      try {
        verify(one)
        return 200
      } catch {
        return 400
      }
    })
    await standIn.control.webhookRule({ action: "duplicate", times_each: 5, times: 1 })
    await standIn.stripe.customers.create()
    await until(receiver.types, (types) => types.length === 5)
    await standIn.control.webhookRule({ action: "wrong_signature", times: 1 })
    await standIn.stripe.customers.create()
    await until(receiver.types, (types) => types.length === 7)
    expect(() => verify(receiver.received[5])).toThrow()
    expect(verify(receiver.received[6]).type).toBe("customer.created")
    await standIn.control.webhookRule({ action: "delay", ms: 3600_000, times: 1 })
    await standIn.stripe.customers.create()
    await standIn.control.advance(3600_000)
    await until(receiver.types, (types) => types.length === 8)
  })

  test("can overtake the answer of the call that caused them", async () => {
    const receiver = await receive()
    await standIn.control.fault({ match: { path: "/v1/customers" }, fault: { kind: "webhook_first" } })
    await standIn.stripe.customers.create()
    expect(receiver.types()).toEqual(["customer.created"])
  })

  test("reach only the endpoints of their customer", async () => {
    const { id: mine } = await standIn.stripe.customers.create()
    const { id: other } = await standIn.stripe.customers.create()
    const receiver = await receive(undefined, [mine])
    await standIn.stripe.customers.update(other, { name: "other" })
    await standIn.stripe.customers.update(mine, { name: "mine" })
    await until(receiver.types, (types) => types.length === 1)
    expect(receiver.received[0]?.event.data.object.id).toBe(mine)
  })

  test("can be sent again in parallel, and made up", async () => {
    const receiver = await receive()
    await standIn.stripe.customers.create()
    const [event] = (await standIn.stripe.events.list()).data
    await until(receiver.types, (types) => types.length === 1)
    expect((await standIn.control.deliver(event?.id ?? "", 20)).statuses).toHaveLength(20)
    expect(receiver.received).toHaveLength(21)
    const crafted = await standIn.control.craft({
      type: "checkout.session.completed",
      object: { id: "cs_test_forged", object: "checkout.session" },
      livemode: true,
      timestamp_offset: 86_400,
    })
    expect(crafted.statuses).toEqual([200])
    expect(verify(receiver.received[21])).toMatchObject({ id: crafted.event.id, livemode: true })
  })
})
