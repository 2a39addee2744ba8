import Stripe from "stripe"
import { PaymentSetupError, UnavailableError } from "@/lib/errors"
import { alarm, log } from "@/lib/log"

/** Stripe couldn't be asked, or didn't answer in time. The request may or may not have taken effect. */
export type Unavailable = { kind: "unavailable" }
/**
 * Stripe understood and refused, for an unforeseen reason that no customer can change: a permission that our key
 * lacks, an archived product, a request that it doesn't take. Nothing happened. The operator has been told.
 */
export type OurMistake = { kind: "our_mistake" }
export type Unanswered = Unavailable | OurMistake
export type Missing = { kind: "missing" }

export function isMissing(error: unknown): error is Stripe.errors.StripeInvalidRequestError {
  return error instanceof Stripe.errors.StripeInvalidRequestError && error.code === "resource_missing"
}

/**
 * Runs a call and turns an outage or a mistake of ours into an outcome. A refusal about the customer, the card or the
 * amount is for the caller to recognise, as its own outcome. Anything else is a bug and is thrown.
 */
export async function asOutcome<T>(call: string, run: () => Promise<T>): Promise<T | Unanswered> {
  try {
    return await run()
  } catch (error) {
    return unanswered(call, error)
  }
}

/** The same for a read, where "no such object" is an answer. */
export async function asReadOutcome<T>(
  call: string,
  run: () => Promise<T>,
): Promise<T | Missing | Unanswered> {
  return asOutcome<T | Missing>(call, async () => {
    try {
      return await run()
    } catch (error) {
      if (isMissing(error)) return { kind: "missing" }
      throw error
    }
  })
}

export function isUnanswered(outcome: { kind: string }): outcome is Unanswered {
  return outcome.kind === "unavailable" || outcome.kind === "our_mistake"
}

/**
 * Returns Stripe's answer, for a job. Throws `UnavailableError` if there is none, or `PaymentSetupError` if the
 * mistake is ours.
 */
export function requireAnswer<T extends { kind: string }>(outcome: T): Exclude<T, Unanswered> {
  if (outcome.kind === "our_mistake")
    throw new PaymentSetupError("Stripe refused our request. The operator has been told.")
  if (outcome.kind === "unavailable") throw new UnavailableError("Stripe can’t be reached.")
  return outcome as Exclude<T, Unanswered>
}

/** The same where a person reads the error. `besides` is what else they must know, such as "Nothing was charged." */
export function answerForReader<T extends { kind: string }>(
  outcome: T,
  besides?: string,
): Exclude<T, Unanswered> {
  if (outcome.kind === "our_mistake")
    throw new PaymentSetupError(
      sentences(
        "Something in our payment setup is wrong. It isn’t about your card.",
        besides,
        "We’ve been told.",
      ),
    )
  if (outcome.kind === "unavailable")
    throw new UnavailableError(
      sentences("Stripe can’t be reached right now.", besides, "Try again in a moment."),
    )
  return outcome as Exclude<T, Unanswered>
}

function sentences(...parts: (string | undefined)[]): string {
  return parts.filter((part) => part !== undefined).join(" ")
}

function unanswered(call: string, error: unknown): Unanswered {
  if (!(error instanceof Stripe.errors.StripeError)) throw error
  const { type, code = null, param = null, statusCode = null, requestId = null } = error
  const facts = { call, type, code, param, status: statusCode }
  if (isOutage(error)) {
    log().warn({ ...facts, stripeRequest: requestId }, "Stripe call failed")
    return { kind: "unavailable" }
  }
  alarm("stripe_refused", facts, { stripeRequest: requestId })
  return { kind: "our_mistake" }
}

// A conflict counts as an outage too: somebody else is using the same key or object, and a moment later it is free.
function isOutage(error: Stripe.errors.StripeError): boolean {
  return (
    error instanceof Stripe.errors.StripeConnectionError ||
    error instanceof Stripe.errors.StripeRateLimitError ||
    error instanceof Stripe.errors.StripeAPIError
  )
}
