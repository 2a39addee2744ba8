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
  ["nothing added", {}, 2500, 25_000_000_000n],
  ["tax added", { amount_total: 2706, amount_tax: 206 }, 2706, 25_000_000_000n],
  ["tax within the price", { amount_tax: 206 }, 2500, 25_000_000_000n],
  ["a promotion code", { amount_total: 2000, amount_discount: 500 }, 2000, 20_000_000_000n],
  [
    "a promotion code and tax added",
    { amount_total: 2165, amount_discount: 500, amount_tax: 165 },
    2165,
    20_000_000_000n,
  ],
] as const)("with %s the credits are what was paid for them", (_, sums, amount_received, nanos) => {
  const { amount_total = 2500, ...details } = { ...sums } as Record<string, number>
  const paid = session({
    amount_subtotal: 2500,
    amount_total,
    total_details: { amount_discount: 0, amount_shipping: 0, amount_tax: 0, ...details },
    payment_intent: intent({ status: "succeeded", currency: "usd", amount_received, latest_charge: null }),
  })
  expect(checkoutState(paid)).toMatchObject({ payment: { capturedNanos: nanos } })
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
