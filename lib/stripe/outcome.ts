import Stripe from "stripe"
import { alarm, log } from "@/lib/log"

/** Stripe couldn't be asked, or didn't answer in time. What was asked may or may not have happened. */
export type Unavailable = { kind: "unavailable" }
export type Missing = { kind: "missing" }

export function isMissing(error: unknown): error is Stripe.errors.StripeInvalidRequestError {
  return error instanceof Stripe.errors.StripeInvalidRequestError && error.code === "resource_missing"
}

/** Runs a call and turns what Stripe or the network did wrong into an outcome. Anything else is a bug and is thrown. */
export async function asOutcome<T>(call: string, run: () => Promise<T>): Promise<T | Unavailable> {
  try {
    return await run()
  } catch (error) {
    return unavailable(call, error)
  }
}

/** The same for a read, where "no such object" is an answer. */
export async function asReadOutcome<T>(
  call: string,
  run: () => Promise<T>,
): Promise<T | Missing | Unavailable> {
  return asOutcome<T | Missing>(call, async () => {
    try {
      return await run()
    } catch (error) {
      if (isMissing(error)) return { kind: "missing" }
      throw error
    }
  })
}

// What Stripe refuses for good looks the same to the person who waits, but it needs somebody who changes something.
const REFUSALS = [
  Stripe.errors.StripeInvalidRequestError,
  Stripe.errors.StripeAuthenticationError,
  Stripe.errors.StripePermissionError,
  Stripe.errors.StripeIdempotencyError,
]

function unavailable(call: string, error: unknown): Unavailable {
  if (!(error instanceof Stripe.errors.StripeError)) throw error
  const { type, code = null, statusCode = null, requestId = null } = error
  const facts = { call, type, code, status: statusCode, stripeRequest: requestId }
  if (REFUSALS.some((refusal) => error instanceof refusal)) alarm("stripe_refused", facts)
  else log().warn(facts, "Stripe call failed")
  return { kind: "unavailable" }
}
