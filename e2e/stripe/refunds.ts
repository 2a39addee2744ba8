import type Stripe from "stripe"
import { invalidRequest } from "./errors"
import { emit } from "./events"
import { newId } from "./ids"
import { recordBalance } from "./objects/balance-transaction"
import type { World } from "./world"

export interface RefundRequest {
  amount?: number
  reason?: "duplicate" | "fraudulent" | "requested_by_customer"
  metadata?: Record<string, string>
}

function requireRefundable(charge: Stripe.Charge, amount: number): void {
  if (charge.status !== "succeeded") {
    throw invalidRequest(`Charge ${charge.id} has not succeeded and can't be refunded.`, { param: "charge" })
  }
  if (charge.refunded) {
    throw invalidRequest(`Charge ${charge.id} has already been refunded.`, {
      code: "charge_already_refunded",
    })
  }
  const left = charge.amount - charge.amount_refunded
  if (amount > left) {
    throw invalidRequest(
      `Refund amount ($${(amount / 100).toFixed(2)}) is greater than unrefunded amount on charge ($${(left / 100).toFixed(2)})`,
      { param: "amount" },
    )
  }
  if (amount < 1)
    throw invalidRequest("Invalid positive integer", { code: "parameter_invalid_integer", param: "amount" })
}

/** Money back to the card, from the API or as if by hand in the Dashboard. */
export function refundCharge(world: World, charge: Stripe.Charge, request: RefundRequest): Stripe.Refund {
  const amount = request.amount ?? charge.amount - charge.amount_refunded
  requireRefundable(charge, amount)
  const refund: Stripe.Refund = {
    id: newId("re"),
    object: "refund",
    amount,
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
    metadata: request.metadata ?? {},
    payment_intent: charge.payment_intent,
    payment_method: charge.payment_method,
    reason: request.reason ?? null,
    receipt_number: null,
    source_transfer_reversal: null,
    status: "succeeded",
    transfer_reversal: null,
  }
  refund.balance_transaction = recordBalance(world, "refund", refund).id
  world.store.put("refund", refund)
  const before = { amount_refunded: charge.amount_refunded, refunded: charge.refunded }
  const amount_refunded = charge.amount_refunded + amount
  world.store.change("charge", charge, { amount_refunded, refunded: amount_refunded === charge.amount })
  emit(world, "refund.created", refund)
  const unreferenced = structuredClone(refund.destination_details)
  emit(world, "charge.refunded", charge, before)
  const arrived = { reference: newId("arn").slice(4), reference_status: "available" }
  if (refund.destination_details?.card) Object.assign(refund.destination_details.card, arrived)
  world.store.put("refund", refund)
  emit(world, "refund.updated", refund, { destination_details: unreferenced })
  return refund
}
