import { beforeAll, describe, expect, test } from "vitest"
import { startInEnvironment } from "@/dev/testing/environment"
import { WEBHOOK_SECRET } from "@/dev/testing/secrets"
import { eventBody, sign } from "@/dev/testing/webhooks"
import { verifyEvent } from "./verify-event"

beforeAll(() => {
  startInEnvironment()
})

const secrets = [WEBHOOK_SECRET]
const body = eventBody({ id: "evt_1", data: { object: { id: "pi_1" } }, created: 1_700_000_000 })
const bytes = Buffer.from(body)
const now = () => new Date()

test("gives the header of an event that Stripe signed", () => {
  expect(verifyEvent(bytes, sign(body), secrets, now())).toMatchObject({
    id: "evt_1",
    type: "payment_intent.succeeded",
    objectId: "pi_1",
    livemode: false,
    account: null,
    createdAt: new Date(1_700_000_000_000),
  })
})

describe("a signature", () => {
  const header = sign(body)
  const signedAt = Number(/^t=(\d+)/.exec(header)?.[1])
  const verifyAt = (secondsLater: number) =>
    verifyEvent(bytes, header, secrets, new Date((signedAt + secondsLater) * 1_000))

  test.each([-300, -299, 0, 299, 300])("is taken %i seconds after it was made", (secondsLater) => {
    expect(verifyAt(secondsLater)).not.toBeNull()
  })

  test.each([-86_400, -301, 301, 86_400])("is refused %i seconds after it was made", (secondsLater) => {
    expect(verifyAt(secondsLater)).toBeNull()
  })
})

test.each([-3_600, 3_600])(
  "goes by the time it is given, %i ms off the clock of the SDK or not",
  (secondsOff) => {
    const then = new Date(Date.now() + secondsOff * 1_000)
    expect(verifyEvent(bytes, sign(body), secrets, then)).toBeNull()
  },
)

test.each([[[]], [[""]], [["  "]], [["", " "]]])("trusts nobody when the secrets are %o", (given) => {
  const header = sign(body, { secret: given[0] ?? "" })
  expect(verifyEvent(bytes, header, given, now())).toBeNull()
})

test("takes either of two secrets, and none that is gone", () => {
  const next = "whsec_the_next_secret_of_the_endpoint"
  for (const secret of [WEBHOOK_SECRET, next])
    expect(verifyEvent(bytes, sign(body, { secret }), [WEBHOOK_SECRET, next], now())).not.toBeNull()
  expect(verifyEvent(bytes, sign(body), [next], now())).toBeNull()
})

test("refuses every change of a single byte", () => {
  const header = sign(body)
  for (let index = 0; index < bytes.length; index += 1) {
    const changed = Buffer.from(bytes)
    changed[index] = (changed[index] ?? 0) ^ 1
    expect(verifyEvent(changed, header, secrets, now())).toBeNull()
  }
})

function headerOf(more: Record<string, unknown>) {
  const given = eventBody(more)
  return verifyEvent(Buffer.from(given), sign(given), secrets, now())
}
const about = (object: unknown, previous_attributes?: unknown) =>
  headerOf({ data: { object, previous_attributes } })

describe("the customer that an event is about", () => {
  test.each([
    ["its object’s", { id: "pi_1", customer: "cus_1" }, undefined],
    ["its object itself", { id: "cus_1", object: "customer" }, { name: "Ada" }],
    ["the one its object had before", { id: "pm_1", customer: null }, { customer: "cus_1" }],
    ["its object’s, not the one before", { id: "pm_1", customer: "cus_1" }, { customer: "cus_2" }],
  ])("is %s", (_, object, previous) => {
    expect(about(object, previous)).toMatchObject({ customerId: "cus_1" })
  })

  test.each([
    ["nobody", undefined],
    ["null", null],
    ["a number", 5],
    ["an object", { id: "cus_1" }],
    ["an object that can’t be text", { toString: 1, valueOf: null }],
    ["a list", ["cus_1"]],
    ["a yes", true],
    ["another kind of id", "acct_1"],
    ["several", "cus_1,cus_2"],
    ["a path", "cus_1/../cus_2"],
    ["a line more", "cus_1\n"],
    ["a null byte", "cus_1\u0000"],
    ["half a character", "cus_1\ud800"],
    ["five thousand letters", `cus_${"a".repeat(5_000)}`],
    ["empty", ""],
  ])("is unknown when it is %s", (_, customer) => {
    expect(about({ id: "pi_1", customer }, { customer })).toMatchObject({
      objectId: "pi_1",
      customerId: null,
    })
  })
})

describe("an object’s id", () => {
  test.each([
    ["no data", { data: undefined }],
    ["data that is null", { data: null }],
    ["data that is text", { data: "pi_1" }],
    ["no object", { data: {} }],
    ["an object that is null", { data: { object: null } }],
    ["an object that is text", { data: { object: "pi_1" } }],
    ["an object that is a list", { data: { object: [{ id: "pi_1" }] } }],
  ])("is missing with %s", (_, more) => {
    expect(headerOf(more)).toMatchObject({ objectId: "", customerId: null })
  })

  test.each([
    null,
    7,
    true,
    ["pi_1"],
    { toString: 1 },
    "",
    " ",
    "pi_1 ",
    "pi_\u0000",
    "pi_\ud800",
    "п_1",
    "p".repeat(256),
  ])("is missing when it is %o", (id) => {
    expect(about({ id })).toMatchObject({ objectId: "" })
  })
})

test.each([null, undefined, 7, ["evt_1"], { toString: 1 }, "", "evt_\u0000", "evt_1 ", "e".repeat(256)])(
  "an event that is called %o is no event",
  (id) => {
    expect(headerOf({ id })).toBeNull()
  },
)

test.each([null, undefined, "yesterday", -1, 1e300, [], { valueOf: 1 }])(
  "an event that happened at %o is taken as happening now",
  (created) => {
    const createdAt = headerOf({ created })?.createdAt.getTime() ?? 0
    expect(Math.abs(createdAt - Date.now())).toBeLessThan(60_000)
  },
)

test.each([null, undefined, 7, {}, []])("an API version of %o is none", (api_version) => {
  expect(headerOf({ api_version })).toMatchObject({ apiVersion: null })
})
