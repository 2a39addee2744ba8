import type Stripe from "stripe"
import { resourceMissing } from "../notation/errors"
import { newId } from "../notation/ids"
import type { World } from "../world/world"

const NINE_DAYS_S = 9 * 24 * 3600

export interface NewDispute {
  amount: number
  reason: string
  /** The bank only asks: no money moves until it says so. */
  inquiry: boolean
}

const NO_EVIDENCE: Stripe.Dispute.Evidence = {
  access_activity_log: null,
  billing_address: null,
  cancellation_policy: null,
  cancellation_policy_disclosure: null,
  cancellation_rebuttal: null,
  customer_communication: null,
  customer_email_address: null,
  customer_name: null,
  customer_purchase_ip: null,
  customer_signature: null,
  duplicate_charge_documentation: null,
  duplicate_charge_explanation: null,
  duplicate_charge_id: null,
  enhanced_evidence: {},
  product_description: null,
  receipt: null,
  refund_policy: null,
  refund_policy_disclosure: null,
  refund_refusal_explanation: null,
  service_date: null,
  service_documentation: null,
  shipping_address: null,
  shipping_carrier: null,
  shipping_date: null,
  shipping_documentation: null,
  shipping_tracking_number: null,
  uncategorized_file: null,
  uncategorized_text: null,
}

const NETWORK_CODES: Record<string, string> = {
  duplicate: "12.6.1",
  fraudulent: "10.4",
  product_not_received: "13.1",
  product_unacceptable: "13.3",
  subscription_canceled: "13.2",
}

export function newDispute(world: World, charge: Stripe.Charge, of: NewDispute): Stripe.Dispute {
  const brand = charge.payment_method_details?.card?.brand ?? "visa"
  const networkCode = NETWORK_CODES[of.reason] ?? "10.4"
  return {
    id: newId("dp"),
    object: "dispute",
    amount: of.amount,
    balance_transactions: [],
    charge: charge.id,
    created: world.clock.now(),
    currency: charge.currency,
    enhanced_eligibility_types: [],
    evidence: { ...NO_EVIDENCE, customer_email_address: charge.billing_details.email },
    evidence_details: {
      due_by: world.clock.now() + NINE_DAYS_S,
      enhanced_eligibility: {},
      has_evidence: false,
      past_due: false,
      submission_count: 0,
      submission_method: "not_submitted",
    },
    intended_submission_method: null,
    is_charge_refundable: of.inquiry,
    livemode: false,
    metadata: {},
    network_reason_code: networkCode,
    payment_intent: charge.payment_intent,
    payment_method_details: {
      card: {
        brand,
        case_type: of.inquiry ? "inquiry" : "chargeback",
        network: brand,
        network_reason_code: networkCode,
      },
      type: "card",
    },
    reason: of.reason,
    status: of.inquiry ? "warning_needs_response" : "needs_response",
  }
}

export function requireDispute(world: World, id: string): Stripe.Dispute {
  const dispute = world.store.get("dispute", id)
  if (!dispute) throw resourceMissing("dispute", id, "dispute")
  return dispute
}
