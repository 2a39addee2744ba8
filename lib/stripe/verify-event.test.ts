import { beforeAll, expect, test } from "vitest"
import { testEnvironment } from "@/e2e/testing/environment"
import { WEBHOOK_SECRET } from "@/e2e/testing/secrets"
import { eventBody, sign } from "@/e2e/testing/webhooks"
import { verifyEvent } from "./verify-event"

beforeAll(() => {
  Object.assign(process.env, testEnvironment())
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

test.each([-295, 0, 295])("takes a signature of %i seconds from now", (secondsOff) => {
  expect(verifyEvent(bytes, sign(body, { secondsOff }), secrets, now())).not.toBeNull()
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
