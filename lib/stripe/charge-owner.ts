import type Stripe from "stripe"

type Expandable = string | { id: string } | null | undefined

export function idOf(object: Expandable): string | null {
  return typeof object === "string" ? object : (object?.id ?? null)
}

/** Returns a charge's owner and payment, as far as they were read with the refund or dispute. */
export function chargeOf(charge: string | Stripe.Charge | null): {
  customerId: string | null
  paymentIntentId: string | null
} {
  if (charge === null || typeof charge === "string") return { customerId: null, paymentIntentId: null }
  return { customerId: idOf(charge.customer), paymentIntentId: idOf(charge.payment_intent) }
}
