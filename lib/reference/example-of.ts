import { type ApiError, type ErrorCode, problemTypePath } from "./errors"
import { HOLD } from "./examples/example"

type Particulars = { title: string; instance?: string; field?: string }

/** Details that the example documents show. lib/api's tests provoke each of them. */
const PARTICULARS: Partial<Record<ErrorCode, Particulars>> = {
  invalid_input: {
    title: 'The quantity must be a number of tokens in plain digits, such as 12 or "12".',
    field: "quantity",
  },
  missing_idempotency_key: {
    title: "Send an Idempotency-Key header: a text of yours that is unique to this operation.",
    field: "Idempotency-Key",
  },
  unauthenticated: { title: "Send a valid API key: Authorization: Bearer ck_…" },
  forbidden: { title: "This API key lacks the scope usage:write." },
  not_found: {
    title: "There is nothing at this address for this API key.",
    instance: `/api/v1/holds/${HOLD}`,
  },
  method_not_allowed: {
    title: "This address doesn’t accept this method. It accepts POST, GET, HEAD, OPTIONS.",
  },
  conflict: {
    title: "This hold was released. Nothing was charged.",
    instance: `/api/v1/holds/${HOLD}/capture`,
  },
  idempotency_key_reused: {
    title: "This idempotency key was used before for a different request. Send a new key with a new request.",
    field: "Idempotency-Key",
  },
  payload_too_large: { title: "The body is larger than 1 MiB. Split it into smaller ones." },
  unsupported_media_type: {
    title: "Send the body as JSON in UTF-8, with Content-Type: application/json.",
  },
  reversal_refused: {
    title: "All of this usage is reversed already.",
    instance: "/api/v1/usage/reversals",
  },
  rate_limited: { title: "Too many requests. Send the same request again in 12 seconds." },
  unavailable: {
    title: "The database can’t be reached right now. Send the same request again in a moment.",
  },
}

/** Builds an error document as the API sends it. */
export function exampleOf({ code, status, retryable, summary }: ApiError & { code: ErrorCode }) {
  const { title, instance = "/api/v1/usage", field }: Particulars = PARTICULARS[code] ?? { title: summary }
  return {
    type: problemTypePath(code),
    title,
    status,
    instance,
    retryable,
    error: title,
    code,
    ...(field !== undefined && { field, errors: [{ field, message: title }] }),
    request_id: "01a1fc73-29ba-7223-9292-d3f461077f27",
  }
}
