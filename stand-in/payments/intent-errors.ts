import type Stripe from "stripe"
import { invalidRequest, StripeApiError } from "../notation/errors"

type PaymentIntent = Stripe.PaymentIntent

/** A refusal about an intent carries the intent as it is after the refusal. */
export function carrying<T extends PaymentIntent | Stripe.SetupIntent, A>(
  intent: T,
  work: (intent: T) => A,
): A {
  try {
    return work(intent)
  } catch (error) {
    if (error instanceof StripeApiError && error.status === 400)
      error.body[intent.object] = structuredClone(intent)
    throw error
  }
}

const PAYMENT = { code: "payment_intent_unexpected_state" }
const SETUP = { code: "setup_intent_unexpected_state" }

export function notConfirmable({ status }: PaymentIntent): Error {
  return invalidRequest(
    status === "succeeded"
      ? "You cannot confirm this PaymentIntent because it has already succeeded after being previously confirmed."
      : `You cannot confirm this PaymentIntent because it has a status of ${status}. Only a PaymentIntent with one of the following statuses may be confirmed: requires_confirmation, requires_action.`,
    PAYMENT,
  )
}

export function notCancelable({ status }: PaymentIntent): Error {
  return invalidRequest(
    `You cannot cancel this PaymentIntent because it has a status of ${status}. Only a PaymentIntent with one of the following statuses may be canceled: requires_payment_method, requires_capture, requires_reauthorization, requires_confirmation, requires_action, expired, processing.`,
    PAYMENT,
  )
}

export function notUpdatable({ status }: PaymentIntent, what: string): Error {
  return invalidRequest(
    `This PaymentIntent's ${what} could not be updated because it has a status of ${status}. You may only update the ${what} of a PaymentIntent with one of the following statuses: requires_payment_method, requires_confirmation, requires_action.`,
    { ...PAYMENT, param: what },
  )
}

export function withoutMethod({ customer }: PaymentIntent): Error {
  const remedy = customer
    ? `To confirm the PaymentIntent with ${String(customer)}, specify a payment method attached to this customer along with the customer ID.`
    : "You can either update the PaymentIntent with a payment method and then confirm it again, or confirm it again directly with a payment method or ConfirmationToken."
  return invalidRequest(
    `You cannot confirm this PaymentIntent because it's missing a payment method. ${remedy}`,
    PAYMENT,
  )
}

export function setupNotConfirmable({ status }: Stripe.SetupIntent): Error {
  const why = status === "canceled" ? "has been canceled" : "has already succeeded"
  return invalidRequest(`You cannot confirm this SetupIntent because it ${why}.`, SETUP)
}

export function setupNot(verb: "canceled" | "updated", { status }: Stripe.SetupIntent): Error {
  return invalidRequest(
    `You cannot ${verb === "canceled" ? "cancel" : "update"} this SetupIntent because it has a status of ${status}. Only a SetupIntent with one of the following statuses may be ${verb}: \`requires_payment_method\`, \`requires_confirmation\`, or \`requires_action\`.`,
    SETUP,
  )
}

export function setupWithoutMethod(): Error {
  return invalidRequest(
    "You cannot confirm this SetupIntent because it's missing a payment method. You can either update the SetupIntent with a payment method and then confirm it again, or confirm it again directly with a payment method or ConfirmationToken.",
    SETUP,
  )
}
