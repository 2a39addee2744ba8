import { AppError } from "@/lib/errors"

/** Also what another team's payment method answers. */
export class PaymentMethodNotFoundError extends AppError {
  constructor() {
    super("not_found", 404, "This payment method is no longer there.")
  }
}
