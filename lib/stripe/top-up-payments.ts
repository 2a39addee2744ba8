import Stripe from "stripe"
import { newId, toPublicId } from "@/lib/ids"
import { toCents } from "./cents"
import { stripe } from "./client"
import { asOutcome, asReadOutcome, isMissing, type Missing, type Unavailable } from "./outcome"
import { type CapturedPayment, paymentState } from "./payment-state"

export type TopUpPaymentState =
  /** Written down at Stripe and never confirmed: no money can have moved. */
  | { status: "unconfirmed" }
  | { status: "processing" }
  | { status: "paid"; payment: CapturedPayment }
  /** The bank wants a person to confirm this payment; until then nothing is charged. */
  | { status: "needs_authentication"; clientSecret: string; paymentMethodId: string | null }
  | { status: "declined"; code: string }
  | { status: "canceled" }

/**
 * Writes a payment down at Stripe without charging it. Whatever becomes of this call, no money moves by it; one that was
 * made and whose answer was lost is never confirmed. `refused`: the customer or its payment method is gone.
 */
export async function createTopUpPayment(request: {
  purchaseId: string
  customerId: string
  paymentMethodId: string
  amountNanos: bigint
  description: string
  receiptEmail: string
}): Promise<{ kind: "created"; paymentIntentId: string } | { kind: "refused"; code: string } | Unavailable> {
  return asOutcome("create top-up payment", async () => {
    try {
      const intent = await stripe().paymentIntents.create(
        {
          amount: toCents(request.amountNanos),
          currency: "usd",
          customer: request.customerId,
          payment_method: request.paymentMethodId,
          automatic_payment_methods: { enabled: true, allow_redirects: "never" },
          description: request.description,
          receipt_email: request.receiptEmail,
          metadata: { purchase_id: toPublicId("pur", request.purchaseId) },
        },
        // A new key each time: Stripe repeats a failure of its own for as long as it keeps one.
        { idempotencyKey: `top_up_${newId()}` },
      )
      return { kind: "created", paymentIntentId: intent.id }
    } catch (error) {
      if (isMissing(error)) return { kind: "refused", code: `${error.param ?? "object"}_missing` }
      if (isOfAnotherCustomer(error)) return { kind: "refused", code: "payment_method_missing" }
      throw error
    }
  })
}

/**
 * Charges the payment's own payment method without anybody being there. What came of it only a read tells: an answer may
 * be lost after the charge. Stripe lets a payment succeed once, however often and under which key it is confirmed.
 * `refused`: not as it is, such as with a payment method that is gone; or somebody else was faster.
 */
export async function confirmTopUpPayment(
  paymentIntentId: string,
): Promise<{ kind: "asked" } | { kind: "refused" } | Unavailable> {
  return asOutcome("confirm top-up payment", async () => {
    try {
      await stripe().paymentIntents.confirm(
        paymentIntentId,
        { off_session: true },
        { idempotencyKey: `confirm_${paymentIntentId}_${newId()}` },
      )
      return { kind: "asked" }
    } catch (error) {
      // Declined: the read says so.
      if (error instanceof Stripe.errors.StripeCardError) return { kind: "asked" }
      if (error instanceof Stripe.errors.StripeInvalidRequestError) return { kind: "refused" }
      throw error
    }
  })
}

export async function readTopUpPayment(
  paymentIntentId: string,
): Promise<{ kind: "found"; state: TopUpPaymentState } | Missing | Unavailable> {
  return asReadOutcome("read top-up payment", async () => {
    const intent = await stripe().paymentIntents.retrieve(paymentIntentId, { expand: ["latest_charge"] })
    return { kind: "found", state: topUpPaymentState(intent) }
  })
}

/** Makes sure that nobody can pay it any more. Not if it was paid meanwhile, which a read tells. */
export async function cancelTopUpPayment(
  paymentIntentId: string,
): Promise<{ kind: "cancelled" } | { kind: "not_open" } | Unavailable> {
  return asOutcome("cancel top-up payment", async () => {
    try {
      await stripe().paymentIntents.cancel(paymentIntentId)
      return { kind: "cancelled" }
    } catch (error) {
      if (error instanceof Stripe.errors.StripeInvalidRequestError) return { kind: "not_open" }
      throw error
    }
  })
}

function topUpPaymentState(intent: Stripe.PaymentIntent): TopUpPaymentState {
  const state = paymentState(intent)
  if (state.status === "paid" || state.status === "processing") return state
  const error = intent.last_payment_error
  switch (intent.status) {
    case "canceled":
      return { status: "canceled" }
    case "requires_confirmation":
      return { status: "unconfirmed" }
    case "requires_action":
      return needsAuthentication(intent)
    default:
      // Without an error its payment method was taken away before it was confirmed.
      if (error?.code === "authentication_required") return needsAuthentication(intent)
      return { status: "declined", code: error?.decline_code ?? error?.code ?? "payment_method_missing" }
  }
}

function needsAuthentication(intent: Stripe.PaymentIntent): TopUpPaymentState {
  if (!intent.client_secret)
    throw new Error("Stripe has no client secret for a payment that waits for a person")
  const method = intent.payment_method ?? intent.last_payment_error?.payment_method ?? null
  return {
    status: "needs_authentication",
    clientSecret: intent.client_secret,
    paymentMethodId: typeof method === "string" ? method : (method?.id ?? null),
  }
}

function isOfAnotherCustomer(error: unknown): boolean {
  return (
    error instanceof Stripe.errors.StripeInvalidRequestError &&
    (error.param === "payment_method" || error.code === "payment_method_customer_mismatch")
  )
}
