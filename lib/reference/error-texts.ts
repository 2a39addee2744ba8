import type { ErrorCode } from "./errors"

type ErrorText = {
  /** Tells what happened, in one paragraph. */
  happened: string
  /** The remedy, step by step. */
  remedy: string[]
}

/** The text of each error's page. Text between backticks is code. The page about credits is a component of its own. */
export const ERROR_TEXTS: Record<Exclude<ErrorCode, "insufficient_credits">, ErrorText> = {
  invalid_input: {
    happened:
      "The request was read, but its body, its query or its `Idempotency-Key` doesn’t have the shape that this endpoint takes. Fields that the endpoint doesn’t know are refused too, so that a misspelt name can’t go unnoticed. Nothing was recorded.",
    remedy: [
      "Read the `title`: it says what is wrong, and where.",
      'Send money as a decimal string in USD (`"12.34"`) and a quantity as an integer or a decimal string.',
      "Compare the request with `/api/v1/openapi.json`, correct it, and send it again.",
    ],
  },
  missing_idempotency_key: {
    happened:
      "Every request that can cost something carries a key of your own, so that a repetition after a lost answer is never charged twice. This one had none, and nothing was recorded.",
    remedy: [
      "Send the header `Idempotency-Key` with a value that is unique to this operation: a UUID, or the id of the event in your own system.",
      "In a batch, give each record its own `key` instead.",
      "Keep the value when you repeat the request. Don’t build it from the time of sending.",
    ],
  },
  unauthenticated: {
    happened:
      "The request carried no API key, or one that doesn’t exist or has been revoked. The API doesn’t say which of these it was. Of a key that has expired, or whose secret was replaced by a roll, it says so and since when.",
    remedy: [
      "Send the header `Authorization: Bearer ck_…` with the whole key.",
      "Check that the key belongs to this installation and hasn’t been revoked. Roll an expired key in your team’s settings.",
      "If the key is lost, ask an Owner or Admin for a new one: a key is shown only once.",
    ],
  },
  forbidden: {
    happened:
      "The API key is valid, but it wasn’t given the scope that this endpoint needs. This has nothing to do with the balance: a request that can’t be paid gets `insufficient_credits`.",
    remedy: [
      "Use a key that has the scope, or ask an Owner or Admin to create one.",
      "Give each program a key with only the scopes it needs.",
    ],
  },
  not_found: {
    happened:
      "The address is not one of the API’s, or the id in it names nothing that belongs to your team. Ids of another team get the same answer.",
    remedy: [
      "Check the path, including `/api/v1`.",
      "Check that the id is complete, with its prefix, and that the API key belongs to the same team.",
    ],
  },
  method_not_allowed: {
    happened:
      "The endpoint doesn’t accept this HTTP method. A redirect that turned a POST into a GET can cause it.",
    remedy: [
      "Use one of the methods that the answer’s `Allow` header names.",
      "Call the address exactly as documented, with `https` and without a trailing slash.",
    ],
  },
  conflict: {
    happened:
      "The request doesn’t fit the present state of what it names: a hold that was already captured, released or has expired, or a task that is already finished. What was done first stands.",
    remedy: [
      "Read the present state of the hold or task.",
      "If it is what you wanted, there is nothing to do.",
      "If not, start again with a new hold or task. Usage that is still unpaid can be reported with `POST /api/v1/usage`.",
    ],
  },
  idempotency_key_reused: {
    happened:
      "Your team has already sent this key with another body. The same key with the same body gets the first answer again; with another body the two can’t both be right, so nothing was recorded for the second.",
    remedy: [
      "If this is a new operation, give it a new key.",
      "If the key was used for usage that was already charged, for instance before the API key was rotated, don’t send that usage again under a new key: it would be charged twice.",
      "If it is a repetition, send exactly the first body.",
      "Look for keys built from values that repeat, such as a counter that starts again or the name of a job.",
    ],
  },
  payload_too_large: {
    happened: "The body was too long and was not read to its end. Nothing was recorded.",
    remedy: [
      "Split a batch into smaller ones. Each record has a `key` of its own, so it doesn’t matter how they are grouped.",
      "Keep `metadata` short: ids, not documents.",
    ],
  },
  unsupported_media_type: {
    happened: "The body isn’t declared as JSON, so it was not read.",
    remedy: [
      "Send the header `Content-Type: application/json`.",
      "Send the body as JSON in UTF-8, not as a form.",
    ],
  },
  reversal_refused: {
    happened:
      "The usage is known, but this much of it can’t be reversed: less is left of it, because it was smaller or was reversed before, or it was reported more than 35 days ago. Nothing was given back.",
    remedy: [
      "Read the `title`: it says how much is left.",
      "Reverse at most that, or leave `quantity` out to reverse all of it.",
      "If it was reported too long ago, ask whoever runs this installation to give the credits back in another way.",
    ],
  },
  rate_limited: {
    happened:
      "This API key, or the address that the request came from, sent more requests within a minute than are accepted. This one was not looked at, and nothing was recorded. The `RateLimit-Policy` header names the limit: `key`, `address`, or `unknown-keys` for an address that sent too many keys that don’t exist.",
    remedy: [
      "Wait as many seconds as the `Retry-After` header says.",
      "Send the same request again with the same `Idempotency-Key`.",
      "Report usage in batches instead of one request per record: a batch counts as one request.",
      "Read the `RateLimit` header of other answers: `r` is how many requests are left, `t` in how many seconds the count begins anew.",
    ],
  },
  internal_error: {
    happened:
      "The request met a fault that we didn’t expect. It was logged under the `request_id` of the answer. Whether it took effect is not certain from this answer alone.",
    remedy: [
      "Send the same request again with the same `Idempotency-Key`: if it did take effect, you get its result and nothing is charged twice.",
      "Wait a little longer before each further attempt.",
      "If it keeps failing, report the `request_id`.",
    ],
  },
  unavailable: {
    happened:
      "Something that the API depends on can’t be reached. While the balance can’t be read, no usage is let through on a guess.",
    remedy: [
      "Send the same request again with the same `Idempotency-Key` after a few seconds.",
      "Wait a little longer before each further attempt.",
    ],
  },
}
