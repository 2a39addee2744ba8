import { describe, expect, test } from "vitest"
import { sessionParams, standInPerTest, stripeAt } from "../testing"

const standIn = standInPerTest()

async function raw(path: string, init: RequestInit & { headers?: Record<string, string> } = {}) {
  const headers = { authorization: "Bearer sk_test_standin", ...init.headers }
  const response = await fetch(`${standIn.url}${path}`, { ...init, headers })
  const body = (await response.json()) as { id?: string; error?: Record<string, unknown> }
  return { status: response.status, headers: response.headers, body }
}

function form(path: string, body: string, headers: Record<string, string> = {}) {
  return raw(path, {
    method: "POST",
    body,
    headers: { "content-type": "application/x-www-form-urlencoded", ...headers },
  })
}

describe("what the API refuses", () => {
  test("refuses a missing, a live and a garbled key with 401", async () => {
    for (const authorization of ["", "Bearer sk_live_123", "Bearer hello"]) {
      expect((await raw("/v1/customers", { headers: { authorization } })).status).toBe(401)
    }
  })

  test("refuses any other API version than the SDK's", async () => {
    const { status, body } = await raw("/v1/customers", { headers: { "stripe-version": "2024-06-20" } })
    expect([status, body.error?.type]).toEqual([400, "invalid_request_error"])
  })

  test("answers an unknown route with Stripe's 404", async () => {
    const { status, body } = await raw("/v1/payouts")
    expect(status).toBe(404)
    expect(body.error?.message).toMatch(/Unrecognized request URL \(GET: \/v1\/payouts\)/)
  })

  test.each([
    ["color=red", "color"],
    ["address[planet]=mars", "address[planet]"],
  ])("answers the unknown parameter of %s with parameter_unknown", async (body, param) => {
    const answer = await form("/v1/customers", body)
    expect(answer).toMatchObject({ status: 400, body: { error: { code: "parameter_unknown", param } } })
  })

  test("answers a missing object with resource_missing", async () => {
    const error = await standIn.stripe.customers.retrieve("cus_none").catch((reason: unknown) => reason)
    expect(error).toMatchObject({
      statusCode: 404,
      code: "resource_missing",
      message: "No such customer: 'cus_none'",
    })
  })

  test("refuses payment_method_types and the old ui_mode", async () => {
    const { status, body } = await form(
      "/v1/payment_intents",
      "amount=500&currency=usd&payment_method_types[0]=card",
    )
    expect([status, body.error?.param]).toEqual([400, "payment_method_types"])
    await expect(
      standIn.stripe.checkout.sessions.create(sessionParams({ ui_mode: "embedded" })),
    ).rejects.toThrow(/ui_mode/)
  })

  test("names the parameter that is missing", async () => {
    const { body } = await form("/v1/payment_intents", "currency=usd")
    expect(body.error).toMatchObject({ code: "parameter_missing", param: "amount" })
  })

  test("refuses amounts below the minimum", async () => {
    const refused = standIn.stripe.paymentIntents.create({ amount: 49, currency: "usd" })
    await expect(refused).rejects.toMatchObject({ code: "amount_too_small" })
  })
})

describe("idempotency keys", () => {
  test("replays the first answer for the same key and body", async () => {
    const headers = { "idempotency-key": "one" }
    const first = await form("/v1/customers", "name=Ada", headers)
    const second = await form("/v1/customers", "name=Ada", headers)
    expect(second.body).toEqual(first.body)
    expect([first, second].map((each) => each.headers.get("idempotent-replayed"))).toEqual([null, "true"])
    expect(first.headers.get("request-id")).toMatch(/^req_/)
  })

  test("refuses the same key with another body", async () => {
    await form("/v1/customers", "name=Ada", { "idempotency-key": "one" })
    const { status, body } = await form("/v1/customers", "name=Bob", { "idempotency-key": "one" })
    expect([status, body.error?.type]).toEqual([400, "idempotency_error"])
  })

  test("answers 409 while the first call is still running", async () => {
    await standIn.control.fault({ match: { path: "/v1/customers" }, fault: { kind: "hang", ms: 300 } })
    const first = form("/v1/customers", "name=Ada", { "idempotency-key": "one" })
    await new Promise((resolve) => setTimeout(resolve, 100))
    const second = await form("/v1/customers", "name=Ada", { "idempotency-key": "one" })
    expect([second.status, second.body.error?.code]).toEqual([409, "idempotency_key_in_use"])
    expect((await first).status).toBe(200)
  })

  test("keeps an answer for a day, and a key for one API key only", async () => {
    const other = stripeAt(standIn.url, "sk_test_other")
    const options = { idempotencyKey: "one" }
    const first = await standIn.stripe.customers.create({ name: "Ada" }, options)
    expect((await other.customers.create({ name: "Ada" }, options)).id).not.toBe(first.id)
    await standIn.control.advance(23 * 3600 * 1000)
    expect((await standIn.stripe.customers.create({ name: "Ada" }, options)).id).toBe(first.id)
    await standIn.control.advance(2 * 3600 * 1000)
    expect((await standIn.stripe.customers.create({ name: "Ada" }, options)).id).not.toBe(first.id)
  })

  test("keeps a 500 and a 402, but not a refused parameter", async () => {
    await standIn.control.fault({ match: { path: "/v1/customers" }, fault: { kind: "status", status: 500 } })
    const headers = { "idempotency-key": "broken" }
    const statuses = [
      await form("/v1/customers", "name=Ada", headers),
      await form("/v1/customers", "name=Ada", headers),
    ]
    expect(statuses.map((each) => each.status)).toEqual([500, 500])
    const wrong = { "idempotency-key": "wrong" }
    expect((await form("/v1/customers", "color=red", wrong)).status).toBe(400)
    expect((await form("/v1/customers", "name=Ada", wrong)).status).toBe(200)
  })
})

describe("reading", () => {
  test("pages through a list, newest first, in both directions", async () => {
    const { customers } = standIn.stripe
    const ids: string[] = []
    for (const name of ["a", "b", "c", "d", "e"]) ids.unshift((await customers.create({ name })).id)
    const first = await customers.list({ limit: 2 })
    expect([first.data.map((each) => each.id), first.has_more]).toEqual([ids.slice(0, 2), true])
    const next = await customers.list({ limit: 3, starting_after: ids[1] })
    expect([next.data.map((each) => each.id), next.has_more]).toEqual([ids.slice(2), false])
    const before = await customers.list({ limit: 1, ending_before: ids[2] })
    expect([before.data.map((each) => each.id), before.has_more]).toEqual([[ids[1]], true])
    expect((await customers.list({ limit: 2 }).autoPagingToArray({ limit: 10 })).length).toBe(5)
    await expect(customers.list({ limit: 101 })).rejects.toThrow(/between 1 and 100/)
  })

  test("merges metadata, unsets with empty text and clears with an empty whole", async () => {
    const { customers } = standIn.stripe
    const { id } = await customers.create({ metadata: { a: "1", b: "2" } })
    expect((await customers.update(id, { metadata: { b: "", c: "3" } })).metadata).toEqual({ a: "1", c: "3" })
    expect((await customers.update(id, { metadata: "" })).metadata).toEqual({})
  })

  test("refuses to expand what is no reference", async () => {
    const { id } = await standIn.stripe.customers.create()
    await expect(standIn.stripe.customers.retrieve(id, { expand: ["email"] })).resolves.toMatchObject({
      email: null,
    })
    await expect(standIn.stripe.customers.retrieve(id, { expand: ["nothing"] })).rejects.toThrow(
      /cannot be expanded/,
    )
  })

  test("shows a deleted customer as deleted and lets go of its cards", async () => {
    const { stripe } = standIn
    const { id } = await stripe.customers.create()
    const method = await stripe.paymentMethods.attach("pm_card_visa", { customer: id })
    await stripe.customers.del(id)
    expect(await stripe.customers.retrieve(id)).toEqual(expect.objectContaining({ id, deleted: true }))
    expect((await stripe.paymentMethods.retrieve(method.id)).customer).toBeNull()
    await expect(stripe.paymentMethods.attach(method.id, { customer: id })).rejects.toThrow(
      /No such customer/,
    )
  })
})
