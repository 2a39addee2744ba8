import Stripe from "stripe"
import { describe, expect, test } from "vitest"
import { standInPerTest } from "../testing"

const standIn = standInPerTest()

describe("faults that a test asks for", () => {
  const slow = { customer: "" }

  test("processes a call and loses its answer; the same key brings it back", async () => {
    const { stripe, control } = standIn
    const { id: customer } = await stripe.customers.create()
    await stripe.paymentMethods.attach("pm_card_visa", { customer })
    const [method] = (await stripe.customers.listPaymentMethods(customer)).data
    // The SDK itself repeats a closed socket once with the same key, so both answers are lost.
    await control.fault({
      match: { path: "/v1/payment_intents", customer },
      times: 2,
      fault: { kind: "answer_lost" },
    })
    const params = {
      amount: 900,
      currency: "usd",
      customer,
      payment_method: method?.id,
      confirm: true,
      off_session: true,
    }
    const options = { idempotencyKey: "lost" }
    const charge = () =>
      stripe.paymentIntents.create({ ...params, allowed_payment_method_types: ["card"] }, options)
    await expect(charge()).rejects.toBeInstanceOf(Stripe.errors.StripeConnectionError)
    expect((await control.payments({ customer })).count).toBe(1)
    expect((await charge()).status).toBe("succeeded")
    expect((await control.payments({ customer })).count).toBe(1)
  })

  test("answers a status with or without the effect", async () => {
    const { stripe, control } = standIn
    const match = { method: "POST" as const, path: "/v1/customers" }
    await control.fault({ match, fault: { kind: "status", status: 429, code: "rate_limit" } })
    await expect(stripe.customers.create()).rejects.toMatchObject({ statusCode: 429 })
    expect((await stripe.customers.list()).data).toHaveLength(0)
    await control.fault({ match, fault: { kind: "status", status: 500, effect: true } })
    await expect(stripe.customers.create()).rejects.toMatchObject({ statusCode: 500 })
    expect((await stripe.customers.list()).data).toHaveLength(1)
  })

  test("resets, garbles and delays, and leaves other customers alone", async () => {
    const { stripe, control } = standIn
    const mine = await stripe.customers.create()
    const other = await stripe.customers.create()
    slow.customer = mine.id
    await control.fault({ match: slow, times: 2, fault: { kind: "reset" } })
    await expect(stripe.customers.retrieve(mine.id)).rejects.toBeInstanceOf(
      Stripe.errors.StripeConnectionError,
    )
    await control.fault({ match: slow, fault: { kind: "bad_json" } })
    await expect(stripe.customers.retrieve(mine.id)).rejects.toThrow(/JSON/)
    expect((await stripe.customers.retrieve(other.id)).id).toBe(other.id)
    expect((await control.requests({ customer: other.id })).count).toBe(1)
  })

  test("faults the nth matching call", async () => {
    const { stripe, control } = standIn
    await control.fault({ match: { path: "/v1/cust*" }, after: 1, fault: { kind: "status", status: 503 } })
    await stripe.customers.list()
    await expect(stripe.customers.list()).rejects.toMatchObject({ statusCode: 503 })
    await stripe.customers.list()
  })
})
