export const API_VERSION = "2026-10-28.endive"

export interface StripeErrorBody {
  type: "api_error" | "card_error" | "idempotency_error" | "invalid_request_error"
  message: string
  code?: string
  param?: string
  decline_code?: string
  advice_code?: string
  charge?: string
  doc_url?: string
  payment_intent?: object
  setup_intent?: object
  payment_method?: object
}

/** An answer that Stripe gives as `{ error }` with a status of 400 or above. */
export class StripeApiError extends Error {
  constructor(
    readonly status: number,
    readonly body: StripeErrorBody,
  ) {
    super(body.message)
  }
}

export function invalidRequest(
  message: string,
  more: { code?: string; param?: string } = {},
): StripeApiError {
  const doc = more.code
    ? { doc_url: `https://docs.stripe.com/error-codes/${more.code.replaceAll("_", "-")}` }
    : {}
  return new StripeApiError(400, { type: "invalid_request_error", message, ...more, ...doc })
}

export function resourceMissing(noun: string, id: string, param = "id"): StripeApiError {
  return new StripeApiError(404, {
    type: "invalid_request_error",
    code: "resource_missing",
    doc_url: "https://docs.stripe.com/error-codes/resource-missing",
    message: `No such ${noun}: '${id}'`,
    param,
  })
}

/** Stripe answers 404 for a missing object in the path, but 400 for one named by a parameter. */
export function parameterMissingResource(noun: string, id: string, param: string): StripeApiError {
  return new StripeApiError(400, { ...resourceMissing(noun, id, param).body })
}

export function unauthorized(message: string): StripeApiError {
  return new StripeApiError(401, { type: "invalid_request_error", message })
}

export function unknownRoute(method: string, path: string): StripeApiError {
  return new StripeApiError(404, {
    type: "invalid_request_error",
    message: `Unrecognized request URL (${method}: ${path}). The Stripe stand-in does not have this route.`,
  })
}
