export type ApiError = {
  code: string
  status: number
  /** Whether the same request can succeed later without anybody changing anything. */
  retryable: boolean
  /** The heading of its page. */
  title: string
  /** One sentence for lists and examples. An actual answer may be more exact, because it knows the field. */
  summary: string
}

export const ERRORS_PATH = "/reference/api-and-sdk/troubleshooting/errors"

/** All errors of the API, by HTTP status. */
export const API_ERRORS = [
  {
    code: "invalid_input",
    status: 400,
    retryable: false,
    title: "Invalid input",
    summary: "A field is missing, unknown or has a value that isn’t accepted.",
  },
  {
    code: "missing_idempotency_key",
    status: 400,
    retryable: false,
    title: "Missing idempotency key",
    summary: "Send an Idempotency-Key with this request.",
  },
  {
    code: "unauthenticated",
    status: 401,
    retryable: false,
    title: "Unauthenticated",
    summary: "Send a valid API key.",
  },
  {
    code: "forbidden",
    status: 403,
    retryable: false,
    title: "Forbidden",
    summary: "This API key lacks the scope for this request.",
  },
  {
    code: "insufficient_credits",
    status: 403,
    retryable: false,
    title: "Insufficient credits",
    summary: "The principal billed for this run has no remaining credits.",
  },
  {
    code: "not_found",
    status: 404,
    retryable: false,
    title: "Not found",
    summary: "There is nothing at this address for this API key.",
  },
  {
    code: "method_not_allowed",
    status: 405,
    retryable: false,
    title: "Method not allowed",
    summary: "This address exists, but not with this method.",
  },
  {
    code: "conflict",
    status: 409,
    retryable: false,
    title: "Conflict",
    summary: "This was already finished in another way.",
  },
  {
    code: "idempotency_key_reused",
    status: 409,
    retryable: false,
    title: "Idempotency key reused",
    summary: "This Idempotency-Key was used before with a different request.",
  },
  {
    code: "payload_too_large",
    status: 413,
    retryable: false,
    title: "Payload too large",
    summary: "The body is larger than this endpoint accepts.",
  },
  {
    code: "unsupported_media_type",
    status: 415,
    retryable: false,
    title: "Unsupported media type",
    summary: "Send the body as application/json.",
  },
  {
    code: "reversal_refused",
    status: 422,
    retryable: false,
    title: "Reversal refused",
    summary: "Less is left of this usage than is to be reversed, or it is too old.",
  },
  {
    code: "rate_limited",
    status: 429,
    retryable: true,
    title: "Rate limited",
    summary: "Too many requests. Send the same request again after a moment.",
  },
  {
    code: "internal_error",
    status: 500,
    retryable: true,
    title: "Internal error",
    summary: "Something went wrong on our side. Try again in a moment.",
  },
  {
    code: "unavailable",
    status: 503,
    retryable: true,
    title: "Unavailable",
    summary: "This can’t be answered right now. Try again in a moment.",
  },
] as const satisfies readonly ApiError[]

export type ErrorCode = (typeof API_ERRORS)[number]["code"]
type KnownError = ApiError & { code: ErrorCode }

export const ERROR_CODES: readonly ErrorCode[] = API_ERRORS.map(({ code }) => code)

/** Returns the last part of a page's address: `not-found` for `not_found`. */
export function errorSlug(code: string): string {
  return code.replaceAll("_", "-")
}

/** Returns the error that a page is about. Null if there is none of this name. */
export function getErrorBySlug(slug: string): KnownError | null {
  return API_ERRORS.find(({ code }) => errorSlug(code) === slug) ?? null
}

/**
 * Returns the `type` of an error document: the path of the page about this code. A code without its own page leads to
 * the list of all, never nowhere.
 */
export function problemTypePath(code: string): string {
  const isKnown = API_ERRORS.some((error) => error.code === code)
  return isKnown ? `${ERRORS_PATH}/${errorSlug(code)}/` : `${ERRORS_PATH}/`
}
