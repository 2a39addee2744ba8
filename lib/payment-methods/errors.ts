import { AppError } from "@/lib/errors"

/** Also the answer for another team's payment method. */
export class PaymentMethodNotFoundError extends AppError {
  constructor() {
    super("not_found", 404, "This payment method is no longer there.")
  }
}
