import { randomInt } from "node:crypto"
import type Stripe from "stripe"
import { usageOnCharge } from "../cards/card-options"
import type { Decline } from "../cards/cards"
import { adviceFor } from "../cards/decline-codes"
import { newId, randomText } from "../notation/ids"
import type { World } from "../world/world"
import { otherChargeDetails } from "./other-methods"

interface NewCharge {
  intent: Stripe.PaymentIntent
  method: Stripe.PaymentMethod
  status: "failed" | "pending" | "succeeded"
  amount: number
  currency: string
  decline?: Decline
  authenticated: boolean
  offSession: boolean
}

function outcome(status: NewCharge["status"], decline?: Decline): Stripe.Charge.Outcome {
  const approved = status !== "failed"
  return {
    advice_code: decline ? adviceFor(decline.declineCode) : null,
    network_advice_code: null,
    network_decline_code: approved ? null : "01",
    network_status: approved ? "approved_by_network" : "declined_by_network",
    reason: decline?.declineCode ?? null,
    risk_level: "normal",
    risk_score: 20,
    seller_message: approved
      ? "Payment complete."
      : "The bank did not return any further details with this decline.",
    type: approved ? "authorized" : "issuer_declined",
  }
}

const AUTHENTICATED: Stripe.Charge.PaymentMethodDetails.Card.ThreeDSecure = {
  authentication_flow: "challenge",
  electronic_commerce_indicator: "05",
  exemption_indicator: null,
  result: "authenticated",
  result_reason: null,
  transaction_id: "5be8b7ef-6f1b-4a28-9a3b-0d4b5f4d8f11",
  version: "2.2.0",
}

function cardDetails(charge: NewCharge): Stripe.Charge.PaymentMethodDetails {
  const other = otherChargeDetails(charge.method)
  if (other) return other
  const card = charge.method.card
  if (!card) throw new Error("A card without its details")
  return {
    card: {
      amount_authorized: charge.status === "failed" ? null : charge.amount,
      authorization_code: charge.status === "failed" ? null : String(randomInt(100000, 999999)),
      brand: card.brand,
      checks: card.checks,
      country: card.country,
      electronic_commerce_indicator: null,
      exp_month: card.exp_month,
      exp_year: card.exp_year,
      fingerprint: card.fingerprint ?? null,
      funding: card.funding,
      installments: null,
      last4: card.last4,
      mandate: null,
      network: card.brand,
      network_token: { used: false },
      network_transaction_id: String(randomInt(1e9, 1e10)),
      regulated_status: card.regulated_status,
      ...usageOnCharge(charge.intent, charge.offSession),
      three_d_secure: charge.authenticated ? AUTHENTICATED : null,
      transaction_link_id: null,
      wallet: null,
    },
    type: "card",
  }
}

export function newCharge(world: World, of: NewCharge): Stripe.Charge {
  const id = newId("ch")
  const succeeded = of.status === "succeeded"
  return {
    id,
    object: "charge",
    amount: of.amount,
    amount_captured: succeeded ? of.amount : 0,
    amount_refunded: 0,
    application: null,
    application_fee: null,
    application_fee_amount: null,
    balance_transaction: null,
    billing_details: of.method.billing_details,
    calculated_statement_descriptor: "STRIPE STAND-IN",
    captured: succeeded,
    created: world.clock.now(),
    currency: of.currency,
    customer: of.intent.customer,
    description: of.intent.description,
    disputed: false,
    failure_balance_transaction: null,
    failure_code: of.decline?.code ?? null,
    failure_message: of.decline?.message ?? null,
    fraud_details: {},
    livemode: false,
    metadata: { ...of.intent.metadata },
    on_behalf_of: null,
    outcome: outcome(of.status, of.decline),
    paid: succeeded,
    payment_intent: of.intent.id,
    payment_method: of.method.id,
    payment_method_details: cardDetails(of),
    ...(of.intent.presentment_details ? { presentment_details: of.intent.presentment_details } : {}),
    radar_options: {},
    receipt_email: of.intent.receipt_email,
    receipt_number:
      of.intent.receipt_email && succeeded ? `${randomInt(1000, 9999)}-${randomInt(1000, 9999)}` : null,
    receipt_url: succeeded ? `${world.baseUrl}/receipts/${id}?key=${randomText(12)}` : null,
    refunded: false,
    review: null,
    shipping: null,
    source: null,
    source_transfer: null,
    statement_descriptor: null,
    statement_descriptor_suffix: null,
    status: of.status,
    transfer_data: null,
    transfer_group: null,
  }
}
