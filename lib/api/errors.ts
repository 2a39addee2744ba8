import { AppError, InvalidInputError } from "@/lib/errors"
import { formatUtcDay } from "@/lib/format-time"
import { API_ERRORS, type ErrorCode } from "@/lib/reference/errors"

export type FieldError = { field: string; message: string }

/** Returns the reference's entry for an error. */
export function errorInfo(code: ErrorCode): (typeof API_ERRORS)[number] {
  const info = API_ERRORS.find((error) => error.code === code)
  if (!info) throw new Error(`The reference has no error ${code}`)
  return info
}

/** Some fields of the request are wrong. The title is about the first, and counts those that aren't listed. */
export class InvalidRequestError extends InvalidInputError {
  constructor(
    readonly errors: [FieldError, ...FieldError[]],
    unnamed = 0,
  ) {
    const [{ message, field }] = errors
    super(unnamed > 0 ? `${message} Problems not listed: ${unnamed}.` : message, field)
  }
}

export class MissingIdempotencyKeyError extends AppError {
  constructor() {
    super(
      "missing_idempotency_key",
      400,
      "Send an Idempotency-Key header: a text of yours that is unique to this operation.",
      "Idempotency-Key",
    )
  }
}

/** The key is missing, malformed, unknown or revoked. The answer doesn't say which. */
export class UnauthenticatedError extends AppError {
  constructor() {
    super("unauthenticated", 401, "Send a valid API key: Authorization: Bearer ck_…")
  }
}

/** The secret was right until it ended. Whoever holds it may know that. */
export class ApiKeyEndedError extends AppError {
  constructor(endedAt: Date, isReplaced: boolean) {
    const day = `${formatUtcDay(endedAt)} ${endedAt.getUTCFullYear()}`
    super(
      "unauthenticated",
      401,
      isReplaced
        ? `This API key was rolled, and its old secret stopped working on ${day}. Use the new one.`
        : `This API key expired on ${day}. Roll it in your team’s settings and use the new secret.`,
    )
  }
}

/** More requests than a key or an address may send. The headers name the limit. */
export class RateLimitedError extends AppError {
  constructor(
    readonly retryAfterSeconds: number,
    readonly headers: Record<string, string>,
  ) {
    const wait = retryAfterSeconds === 1 ? "1 second" : `${retryAfterSeconds} seconds`
    super("rate_limited", 429, `Too many requests. Send the same request again in ${wait}.`)
  }
}

export class PayloadTooLargeError extends AppError {
  constructor() {
    super("payload_too_large", 413, "The body is larger than 1 MiB. Split it into smaller ones.")
  }
}

export class UnsupportedMediaTypeError extends AppError {
  constructor() {
    super(
      "unsupported_media_type",
      415,
      "Send the body as JSON in UTF-8, with Content-Type: application/json.",
    )
  }
}

export class MethodNotAllowedError extends AppError {
  constructor(readonly allow: string) {
    super("method_not_allowed", 405, `This address doesn’t accept this method. It accepts ${allow}.`)
  }
}
