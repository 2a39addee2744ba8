/**
 * A refusal that the person or program at the other end can understand. Anything else that is thrown is a bug or an
 * outage: it is logged and answered with one fixed sentence.
 */
export class AppError extends Error {
  constructor(
    readonly code: string,
    readonly status: number,
    /** One plain sentence for the reader. */
    readonly title: string,
    /** The input field that the sentence is about. */
    readonly field?: string,
  ) {
    super(title)
    this.name = new.target.name
  }
}

export class InvalidInputError extends AppError {
  constructor(title: string, field?: string) {
    super("invalid_input", 400, title, field)
  }
}

/** Also the answer to another team's things, whose existence is nobody else's business. */
export class NotFoundError extends AppError {
  constructor() {
    super("not_found", 404, "This page doesn’t exist or you don’t have access to it.")
  }
}

export class SignInRequiredError extends AppError {
  constructor() {
    super("sign_in_required", 401, "Sign in to continue.")
  }
}

export class ForbiddenError extends AppError {
  constructor(title = "Ask an Owner or Admin of your team to do this.") {
    super("forbidden", 403, title)
  }
}

export class ConflictError extends AppError {
  constructor(title: string, field?: string) {
    super("conflict", 409, title, field)
  }
}

export class TooManyAttemptsError extends AppError {
  constructor(title = "Too many attempts. Wait a few minutes, then try again.", field?: string) {
    super("too_many_attempts", 429, title, field)
  }
}

export class UnavailableError extends AppError {
  constructor(title: string) {
    super("unavailable", 503, title)
  }
}

/** Stripe refused a request for a reason that only the operator can change. Trying again helps after that. */
export class PaymentSetupError extends UnavailableError {}

export const UNEXPECTED_ERROR_SENTENCE = "Something went wrong on our side. Try again in a moment."
