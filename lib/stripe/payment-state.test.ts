import type Stripe from "stripe"
import { describe, expect, test } from "vitest"
import { checkoutState } from "./payment-state"

function session(more: Partial<Stripe.Checkout.Session>): Stripe.Checkout.Session {
  return { mode: "payment", status: "complete", payment_intent: null, ...more } as Stripe.Checkout.Session
}
const intent = (more: Partial<Stripe.PaymentIntent>) => ({ id: "pi_1", ...more }) as Stripe.PaymentIntent

describe("a checkout that completed", () => {
  test.each([
    ["saved a card", { mode: "setup" }],
    ["began a subscription", { mode: "subscription" }],
    ["cost nothing", { mode: "payment", payment_status: "no_payment_required" }],
  ] as const)("and %s has nothing due", (_, more) => {
    expect(checkoutState(session(more))).toEqual({ status: "nothing_due" })
  })

  test.each([
    ["succeeded", "paid"],
    ["processing", "processing"],
    ["requires_action", "processing"],
    ["requires_payment_method", "failed"],
    ["canceled", "failed"],
  ] as const)("while its payment is %s is %s", (status, state) => {
    const payment = intent({ status, currency: "usd", amount_received: 500, last_payment_error: null })
    expect(checkoutState(session({ payment_intent: payment }))).toMatchObject({ status: state })
  })

  test("can’t be judged by the id of its payment alone", () => {
    expect(() => checkoutState(session({ payment_intent: "pi_1" }))).toThrow("read together with its payment")
  })
})

test.each([
  ["open", "open"],
  ["expired", "expired"],
] as const)(
  "a checkout of a subscription that is %s is %s, without a payment to look at",
  (status, state) => {
    expect(checkoutState(session({ mode: "subscription", status }))).toEqual({ status: state })
  },
)
