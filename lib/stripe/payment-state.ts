import type Stripe from "stripe"
import { fromPublicId } from "@/lib/ids"
import { fromCents } from "./cents"

export type CapturedPayment = {
  paymentIntentId: string
  /** The amount that Stripe captured, in the currency's smallest unit. */
  amountMinor: bigint
  currency: string
  /** The same amount in nanos if it is in US dollars, else null. */
  paidNanos: bigint | null
  /** The part that was paid for credits and not as tax. */
  capturedNanos: bigint | null
  receiptUrl: string | null
}

export type PaymentState =
  | { status: "open" }
  | { status: "processing" }
  | { status: "paid"; payment: CapturedPayment }
  | { status: "expired" }
  | { status: "failed"; reason: string }
  /** A checkout that completed without a payment: it saved a card, began a subscription, or its total was zero. */
  | { status: "nothing_due" }

/**
 * The owner that a Stripe object names. Only the customer is trusted; the purchase is looked up inside that
 * customer's team.
 */
export type PaymentOwner = { customerId: string | null; purchaseId: string | null }

export function checkoutState(session: Stripe.Checkout.Session): PaymentState {
  if (session.status === "expired") return { status: "expired" }
  if (session.status !== "complete") return { status: "open" }
  const intent = session.payment_intent
  if (!intent) return { status: "nothing_due" }
  if (typeof intent === "string") throw new Error("A checkout is read together with its payment")
  const state = paymentState(intent, session)
  if (state.status !== "open") return state
  // A completed checkout takes no second attempt: its payment is under way or has failed.
  return intent.status === "requires_payment_method" || intent.status === "canceled"
    ? { status: "failed", reason: intent.last_payment_error?.message ?? "The payment failed." }
    : { status: "processing" }
}

/**
 * `session` is the checkout in which it was paid, the only one to know of tax. It also tells whether a payment has
 * failed for good: after a decline the person can try another card there, and an ended checkout cancels its payment.
 */
export function paymentState(intent: Stripe.PaymentIntent, session?: Stripe.Checkout.Session): PaymentState {
  if (intent.status === "succeeded") return { status: "paid", payment: capturedPayment(intent, session) }
  if (intent.status === "processing") return { status: "processing" }
  return { status: "open" }
}

export function ownerOf(object: Pick<Stripe.Checkout.Session, "customer" | "metadata">): PaymentOwner {
  const { customer, metadata } = object
  const named = metadata?.purchase_id
  return {
    customerId: typeof customer === "string" ? customer : (customer?.id ?? null),
    purchaseId: named ? fromPublicId("pur", named) : null,
  }
}

function capturedPayment(intent: Stripe.PaymentIntent, session?: Stripe.Checkout.Session): CapturedPayment {
  const isUsd = intent.currency === "usd"
  const charge = intent.latest_charge
  return {
    paymentIntentId: intent.id,
    amountMinor: BigInt(intent.amount_received),
    currency: intent.currency,
    paidNanos: isUsd ? fromCents(intent.amount_received) : null,
    capturedNanos: isUsd ? fromCents(Math.max(intent.amount_received - addedTo(session), 0)) : null,
    receiptUrl: charge && typeof charge !== "string" ? charge.receipt_url : null,
  }
}

/**
 * Returns what was added to the price of the credits: tax and the like, never credits. Tax within the price is part
 * of it, and so is a discount: a customer who pays $20 for $25 of credits gets $20, because a promotion code is no
 * money.
 */
function addedTo(session: Stripe.Checkout.Session | undefined): number {
  if (!session) return 0
  const { amount_total: total, amount_subtotal: subtotal, total_details: details } = session
  // A checkout that asks for nothing has no amounts.
  if (typeof total !== "number" || typeof subtotal !== "number") return 0
  return Math.max(total - (subtotal - (details?.amount_discount ?? 0)), 0)
}
