import Stripe from "stripe"
import { log } from "@/lib/log"

/** Stripe couldn't be asked, or didn't answer in time. What was asked may or may not have happened. */
export type Unavailable = { kind: "unavailable" }
export type Missing = { kind: "missing" }

/** What Stripe answered, or that it couldn't be asked. */
export async function asOutcome<T>(call: string, run: () => Promise<T>): Promise<T | Unavailable> {
  try {
    return await run()
  } catch (error) {
    return unavailable(call, error)
  }
}

/** The same for a read, which may also find nothing. */
export async function asReadOutcome<T>(
  call: string,
  run: () => Promise<T>,
): Promise<T | Missing | Unavailable> {
  return asOutcome<T | Missing>(call, async () => {
    try {
      return await run()
    } catch (error) {
      if (error instanceof Stripe.errors.StripeInvalidRequestError && error.code === "resource_missing")
        return { kind: "missing" }
      throw error
    }
  })
}

export function unavailable(call: string, error: unknown): Unavailable {
  if (!(error instanceof Stripe.errors.StripeError)) throw error
  const { type, code = null, statusCode = null, requestId = null } = error
  log().warn({ call, type, code, status: statusCode, stripeRequest: requestId }, "Stripe call failed")
  return { kind: "unavailable" }
}
