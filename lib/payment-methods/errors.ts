import { AppError, UnavailableError } from "@/lib/errors"

/** Also what another team's payment method answers. */
export class PaymentMethodNotFoundError extends AppError {
  constructor() {
    super("not_found", 404, "This payment method is no longer there.")
  }
}

export class StripeUnreachableError extends UnavailableError {
  constructor() {
    super("Stripe can’t be reached right now. Try again in a moment.")
  }
}
