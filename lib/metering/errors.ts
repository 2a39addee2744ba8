import { AppError, UnavailableError } from "@/lib/errors"
import type { Refusal } from "./find-refusal"

/** Nobody pays for it, because the billed pool holds too little. Nothing was written. */
export class InsufficientCreditsError extends AppError {
  /** When the same request is expected to pass without anybody acting. Null: not by itself. */
  retryAfterMs: number | null = null

  constructor(
    readonly refusal: Refusal,
    readonly poolId: string,
  ) {
    super(
      "insufficient_credits",
      403,
      "The principal billed for this run has no remaining credits. Purchase add-on credits or raise the team-wide spend cap to continue.",
    )
  }
}

/** The same key came before with another body. */
export class IdempotencyKeyReusedError extends AppError {
  constructor() {
    super(
      "idempotency_key_reused",
      409,
      "This idempotency key was used before for a different request. Send a new key with a new request.",
      "key",
    )
  }
}

/** Less is left of the usage than is to be reversed, or it is too old. Nothing was written. */
export class ReversalRefusedError extends AppError {
  constructor(title: string, field?: string) {
    super("reversal_refused", 422, title, field)
  }
}

/** The team has changed since something was planned for it. Nothing was written. */
export class TeamChangedError extends UnavailableError {
  constructor() {
    super("The team was changed just now. Send the request again.")
  }
}
