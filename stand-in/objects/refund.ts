import type Stripe from "stripe"
import { resourceMissing } from "../notation/errors"
import { newId } from "../notation/ids"
import type { World } from "../world/world"

export interface RefundRequest {
  amount?: number
  reason?: "duplicate" | "fraudulent" | "requested_by_customer"
  metadata?: Record<string, string>
  /** By default the test card decides. */
  status?: "succeeded" | "pending" | "requires_action"
}

export function newRefund(
  world: World,
  charge: Stripe.Charge,
  of: RefundRequest & { amount: number; status: string },
): Stripe.Refund {
  return {
    id: newId("re"),
    object: "refund",
    amount: of.amount,
    balance_transaction: null,
    charge: charge.id,
    created: world.clock.now(),
    currency: charge.currency,
    customer: charge.customer,
    customer_account: null,
    destination_details: {
      card: { reference_status: "pending", reference_type: "acquirer_reference_number", type: "refund" },
      type: "card",
    },
    metadata: of.metadata ?? {},
    payment_intent: charge.payment_intent,
    payment_method: charge.payment_method,
    ...(of.status === "pending" ? { pending_reason: "processing" as const } : {}),
    reason: of.reason ?? null,
    receipt_number: null,
    source_transfer_reversal: null,
    status: of.status,
    transfer_reversal: null,
  }
}

export function requireRefund(world: World, id: string): Stripe.Refund {
  const refund = world.store.get("refund", id)
  if (!refund) throw resourceMissing("refund", id)
  return refund
}
