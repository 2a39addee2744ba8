import { readSubscriptionPayments } from "@/lib/stripe/subscription-payments"
import { StripeUnreachableError } from "./errors"
import type { PaymentMethodUse } from "./removal"

/**
 * What charges the customer without anybody being there, as far as there is such a thing: today only a subscription.
 * Whatever comes to do so too has to be named here, so that the last payment method isn't taken from under it.
 */
export async function listPaymentMethodUses(customerId: string): Promise<PaymentMethodUse[]> {
  const payments = await readSubscriptionPayments(customerId)
  if (payments.kind === "unavailable") throw new StripeUnreachableError()
  return payments.kind === "found" && payments.hasLive ? ["subscription"] : []
}
