import type Stripe from "stripe"
import { type Decline, declineFor } from "../cards/cards"
import type { DeclineCode } from "../cards/decline-codes"
import { invalidRequest } from "../notation/errors"
import { emit } from "../world/events"
import type { World } from "../world/world"
import { failIntent } from "./declines"
import { type AttemptOutcome, attemptPayment, finish } from "./payments"

export const AUTHENTICATION_FAILED: Decline = {
  code: "payment_intent_authentication_failure",
  declineCode: "authentication_required",
  message:
    "We are unable to authenticate your payment method. Please choose a different payment method and try again.",
}

/** A bank's debit fails with its own codes, and with no decline code. */
function debitFailure(declineCode: DeclineCode): Decline {
  return declineCode === "insufficient_funds"
    ? {
        code: "insufficient_funds",
        declineCode,
        message: "The customer's account has insufficient funds to cover this payment.",
      }
    : {
        code: "debit_not_authorized",
        declineCode,
        message: "The customer has notified their bank that this payment was unauthorized.",
      }
}

/** Ends a payment that was `processing`: days later at Stripe, here when a test says so. */
export function settleProcessing(
  world: World,
  intent: Stripe.PaymentIntent,
  declineCode: DeclineCode | null,
): void {
  const charge = world.store.get("charge", String(intent.latest_charge))
  const method = world.store.get("payment_method", String(intent.payment_method))
  if (intent.status !== "processing" || !charge || !method) {
    throw invalidRequest(`PaymentIntent ${intent.id} is not processing: its status is ${intent.status}.`)
  }
  if (declineCode === null) {
    const receipt_url = `${world.baseUrl}/receipts/${charge.id}`
    Object.assign(charge, {
      status: "succeeded",
      paid: true,
      captured: true,
      amount_captured: charge.amount,
      receipt_url,
    })
    finish(world, intent, method, charge)
    return
  }
  const decline = method.card ? declineFor(declineCode) : debitFailure(declineCode)
  world.store.change("charge", charge, {
    status: "failed",
    failure_code: decline.code,
    failure_message: decline.message,
  })
  failIntent(world, intent, method, decline, charge.id)
  emit(world, "charge.failed", charge)
  emit(world, "payment_intent.payment_failed", intent)
}

/** Applies the customer's answer on the authentication page. */
export function finishAuthentication(
  world: World,
  intent: Stripe.PaymentIntent,
  success: boolean,
): AttemptOutcome {
  const method = world.store.get("payment_method", String(intent.payment_method))
  if (intent.status !== "requires_action" || !method) {
    throw invalidRequest("This payment is no longer waiting for authentication.")
  }
  if (success) {
    return attemptPayment(world, { intent, method, offSession: false, authenticated: true, returnUrl: null })
  }
  failIntent(world, intent, method, AUTHENTICATION_FAILED, null)
  emit(world, "payment_intent.payment_failed", intent)
  return { kind: "declined", decline: AUTHENTICATION_FAILED }
}
