import type Stripe from "stripe"

type Expandable = string | { id: string } | null | undefined

export function idOf(object: Expandable): string | null {
  return typeof object === "string" ? object : (object?.id ?? null)
}

/** Whose a charge is and which payment it is of, as far as it was read with the refund or dispute. */
export function chargeOf(charge: string | Stripe.Charge | null): {
  customerId: string | null
  paymentIntentId: string | null
} {
  if (charge === null || typeof charge === "string") return { customerId: null, paymentIntentId: null }
  return { customerId: idOf(charge.customer), paymentIntentId: idOf(charge.payment_intent) }
}
