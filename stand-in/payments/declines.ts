import type Stripe from "stripe"
import type { Decline } from "../cards/cards"
import { adviceFor } from "../cards/decline-codes"
import { StripeApiError } from "../notation/errors"
import type { World } from "../world/world"

function docUrl(decline: Decline): string {
  return `https://docs.stripe.com/error-codes/${decline.code.replaceAll("_", "-")}`
}

/** Returns what a bank's refusal says besides the message. */
function bankWords(decline: Decline): { advice_code?: string; decline_code: string } {
  const advice = adviceFor(decline.declineCode)
  return { ...(advice ? { advice_code: advice } : {}), decline_code: decline.declineCode }
}

export function failIntent(
  world: World,
  intent: Stripe.PaymentIntent,
  method: Stripe.PaymentMethod,
  decline: Decline,
  charge: string | null,
): void {
  world.store.change("payment_intent", intent, {
    status: "requires_payment_method",
    payment_method: null,
    next_action: null,
    processing: null,
    latest_charge: charge ?? intent.latest_charge,
    last_payment_error: {
      code: decline.code as Stripe.PaymentIntent.LastPaymentError.Code,
      ...(charge ? { charge, ...(method.card ? bankWords(decline) : {}) } : {}),
      doc_url: docUrl(decline),
      message: decline.message,
      payment_method: structuredClone(method),
      type: charge && method.card ? "card_error" : "invalid_request_error",
    },
  })
}

export function setupError(
  method: Stripe.PaymentMethod,
  decline: Decline,
): Stripe.SetupIntent.LastSetupError {
  const byCard = decline.code !== "setup_intent_authentication_failure"
  return {
    code: decline.code as Stripe.SetupIntent.LastSetupError.Code,
    ...(byCard ? bankWords(decline) : {}),
    doc_url: docUrl(decline),
    message: decline.message,
    payment_method: structuredClone(method),
    type: byCard ? "card_error" : "invalid_request_error",
  }
}

/** Makes the 402 for a card that can't be saved, with the intent inside. */
export function setupCardError(intent: Stripe.SetupIntent, decline: Decline): StripeApiError {
  const method = intent.last_setup_error?.payment_method
  return new StripeApiError(402, {
    type: "card_error",
    code: decline.code,
    ...bankWords(decline),
    doc_url: docUrl(decline),
    message: decline.message,
    ...(method ? { payment_method: method } : {}),
    setup_intent: structuredClone(intent),
  })
}

/** Makes the 402 that the API returns for a refused card, with the intent inside. */
export function cardError(intent: Stripe.PaymentIntent, decline: Decline): StripeApiError {
  const error = intent.last_payment_error
  return new StripeApiError(402, {
    type: "card_error",
    code: decline.code,
    ...bankWords(decline),
    doc_url: docUrl(decline),
    message: decline.message,
    ...(error?.charge ? { charge: error.charge } : {}),
    ...(error?.payment_method ? { payment_method: error.payment_method } : {}),
    payment_intent: structuredClone(intent),
  })
}
