import Stripe from "stripe"
import { newId, toPublicId } from "@/lib/ids"
import { toCents } from "./cents"
import { stripe } from "./client"
import { type ChargeFailure, decideDecline } from "./decline-codes"
import { asOutcome, asReadOutcome, isMissing, type Missing, type Unanswered } from "./outcome"
import { type CapturedPayment, paymentState } from "./payment-state"

export type TopUpPaymentState =
  /** Created at Stripe and never confirmed: no money can have moved. */
  | { status: "unconfirmed" }
  | { status: "processing" }
  | { status: "paid"; payment: CapturedPayment }
  /** The bank wants a person to confirm this payment. Nothing is charged until then. */
  | { status: "needs_authentication"; clientSecret: string; paymentMethodId: string | null }
  | { status: "declined"; failure: ChargeFailure }
  /** Its payment method was removed before it was confirmed. */
  | { status: "without_method" }
  | { status: "canceled" }

export type TopUpRefused = {
  kind: "refused"
  reason: "customer_missing" | "payment_method_missing" | "payment_method_unusable" | "amount_not_accepted"
}

/**
 * Creates a payment at Stripe without charging it. Whatever happens to this call, it moves no money: a payment whose
 * answer was lost is never confirmed. `refused`: for a reason about the customer, its payment method or the amount.
 */
export async function createTopUpPayment(request: {
  purchaseId: string
  customerId: string
  paymentMethodId: string
  amountNanos: bigint
  description: string
  receiptEmail: string
}): Promise<{ kind: "created"; paymentIntentId: string } | TopUpRefused | Unanswered> {
  return asOutcome("create top-up payment", async () => {
    try {
      const intent = await stripe().paymentIntents.create(
        {
          amount: toCents(request.amountNanos),
          currency: "usd",
          customer: request.customerId,
          payment_method: request.paymentMethodId,
          // Includes wallets that leave the page when a person pays. Nobody is present here, so nothing redirects.
          automatic_payment_methods: { enabled: true },
          payment_method_options: { card: { stored_credential_usage: "unscheduled" } },
          description: request.description,
          receipt_email: request.receiptEmail,
          metadata: { purchase_id: toPublicId("pur", request.purchaseId) },
        },
        // A new key each time, because Stripe repeats its own failure for as long as it keeps a key.
        { idempotencyKey: `top_up_${newId()}` },
      )
      return { kind: "created", paymentIntentId: intent.id }
    } catch (error) {
      const reason = refusalOf(error)
      if (reason) return { kind: "refused", reason }
      throw error
    }
  })
}

/**
 * Charges the payment's own method without the customer present. Only a read tells the outcome, because an answer may
 * be lost after the charge. Stripe lets a payment succeed once, however often and under whatever key it is confirmed.
 * `refused`: not with this payment method.
 */
export async function confirmTopUpPayment(
  paymentIntentId: string,
): Promise<{ kind: "asked" } | TopUpRefused | Unanswered> {
  return asOutcome("confirm top-up payment", async () => {
    try {
      await stripe().paymentIntents.confirm(
        paymentIntentId,
        { off_session: true },
        { idempotencyKey: `confirm_${paymentIntentId}_${newId()}` },
      )
      return { kind: "asked" }
    } catch (error) {
      // Declined, or somebody else was faster. The read tells.
      if (error instanceof Stripe.errors.StripeCardError || hasMovedOn(error)) return { kind: "asked" }
      const reason = refusalOf(error)
      if (reason) return { kind: "refused", reason }
      throw error
    }
  })
}

export async function readTopUpPayment(
  paymentIntentId: string,
): Promise<{ kind: "found"; state: TopUpPaymentState } | Missing | Unanswered> {
  return asReadOutcome("read top-up payment", async () => {
    const intent = await stripe().paymentIntents.retrieve(paymentIntentId, { expand: ["latest_charge"] })
    return { kind: "found", state: topUpPaymentState(intent) }
  })
}

/** Ensures that nobody can pay it any more. Does nothing if it was paid meanwhile, which a read tells. */
export async function cancelTopUpPayment(
  paymentIntentId: string,
): Promise<{ kind: "cancelled" } | { kind: "not_open" } | Unanswered> {
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
      if (!error) return { status: "without_method" }
      if ([error.code, error.decline_code].includes("authentication_required"))
        return needsAuthentication(intent)
      return { status: "declined", failure: failureOf(error) }
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

function failureOf(error: Stripe.PaymentIntent.LastPaymentError): ChargeFailure {
  const { code, decline_code: declineCode, advice_code: adviceCode } = error
  return decideDecline({ code, declineCode, adviceCode })
}

/** The codes for a payment method that can't pay this payment, whichever parameter Stripe names. */
const UNUSABLE = ["payment_intent_incompatible_payment_method", "payment_intent_mandate_invalid"]

// Stripe has no code for another customer's payment method. It names the parameter.
function refusalOf(error: unknown): TopUpRefused["reason"] | null {
  if (!(error instanceof Stripe.errors.StripeInvalidRequestError)) return null
  const { code = "", param } = error
  if (isMissing(error) && param === "customer") return "customer_missing"
  if (isMissing(error) && param === "payment_method") return "payment_method_missing"
  if (param === "payment_method" || code.startsWith("payment_method_") || UNUSABLE.includes(code))
    return "payment_method_unusable"
  return code === "amount_too_large" || code === "amount_too_small" ? "amount_not_accepted" : null
}

function hasMovedOn(error: unknown): boolean {
  return (
    error instanceof Stripe.errors.StripeInvalidRequestError &&
    error.code === "payment_intent_unexpected_state"
  )
}
