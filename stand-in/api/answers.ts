import type { Fault } from "../faults/faults"
import { StripeApiError } from "../notation/errors"

export interface Answer {
  status: number
  body: string
  /** Kept for the idempotency key: Stripe keeps an endpoint's answer once it has begun to run. */
  kept: boolean
  headers?: Record<string, string>
}

export function failure(error: unknown): Answer {
  if (error instanceof StripeApiError) {
    return { status: error.status, body: toJson({ error: error.body }), kept: true }
  }
  console.error("The Stripe stand-in failed:", error)
  const message = `The Stripe stand-in failed: ${error instanceof Error ? error.message : String(error)}`
  return { status: 500, body: toJson({ error: { type: "api_error", message } }), kept: true }
}

export function toJson(value: object): string {
  return JSON.stringify(value, null, 2)
}

/** 429 and 409 mean that nothing ran, so the key stays free. A 402 or 500 is the endpoint's own answer. */
export function faultAnswer(fault: Extract<Fault, { kind: "status" }>): Answer {
  const type =
    fault.status === 402 ? "card_error" : fault.status >= 500 ? "api_error" : "invalid_request_error"
  const message = fault.message ?? `The Stripe stand-in was told to answer ${fault.status}.`
  const code = fault.code ? { code: fault.code } : {}
  const retry =
    fault.should_retry === undefined ? undefined : { "stripe-should-retry": String(fault.should_retry) }
  return {
    status: fault.status,
    body: toJson({ error: { type, ...code, message } }),
    kept: fault.status >= 500 || fault.status === 402,
    headers: retry,
  }
}
