import type Stripe from "stripe"
import type { BillingTables, WirePrice } from "./billing-tables"

export type WireLineItem = Omit<Stripe.LineItem, "price"> & { price: WirePrice }

export interface WireEvent {
  id: string
  object: "event"
  account?: string
  api_version: string | null
  created: number
  data: { object: object; previous_attributes?: object }
  livemode: boolean
  pending_webhooks: number
  request: { id: string | null; idempotency_key: string | null } | null
  type: string
  /** The owner, where the object doesn't name one. Never shown. */
  about?: { customer: string | null; metadata: Record<string, string> }
}

/** Facts about a payment method that the stand-in knows and Stripe doesn't show. */
export interface CardRecord {
  id: string
  number: string
  /** Authenticated once while the card was saved, so off-session payments may go without. */
  authenticated: boolean
  /** The bank has asked for authentication again. Until it is given, payments without the customer are refused. */
  wantsAuthentication: boolean
  /** Used or detached without a customer: Stripe refuses a second use. */
  spent: boolean
}

export interface IntentPlan {
  id: string
  session: string | null
  returnUrl: string | null
  /** The last attempt happens without the customer, so authentication is a decline. */
  offSession: boolean
}

export interface SubscriptionData {
  description: string | null
  metadata: Record<string, string>
  billing_cycle_anchor: number | null
  proration_behavior: "create_prorations" | "none"
}

export interface CheckoutPlan {
  id: string
  /** The PaymentIntent, even where the session itself doesn't show it. */
  intent: string | null
  lineItems: WireLineItem[]
  /** A price made on the spot shows its product's description only on the page. */
  blurb: string | null
  paymentIntentData: {
    setup_future_usage?: "off_session" | "on_session"
    receipt_email?: string
    metadata?: Record<string, string>
    description?: string
    statement_descriptor_suffix?: string
  }
  /** Null: a session that isn't about a subscription. */
  subscriptionData: SubscriptionData | null
  savesCard: boolean
  updatesName: boolean
}

export interface Endpoint {
  id: string
  url: string
  secret: string
  enabledEvents: string[]
  customers: string[] | null
  created: number
  /** By default this API's own. An endpoint made for another version still gets events in this one's form. */
  apiVersion?: string
  description: string | null
  metadata: Record<string, string>
  disabled: boolean
}

export interface Delivery {
  id: string
  event: string
  endpoint: string
  state: "waiting" | "held" | "delivered" | "failed"
  tries: number
  dueMs: number
  firstMs: number
  /** Signed with a wrong secret on purpose until it has been refused once. */
  badSignature: boolean
  /** How often each try is sent, all at the same time. */
  copies: number
}

export interface StoredAnswer {
  id: string
  fingerprint: string
  createdMs: number
  status: number
  body: string
}

export interface Tables extends BillingTables {
  customer: Stripe.Customer
  deleted_customer: Stripe.DeletedCustomer
  customer_balance_transaction: Stripe.CustomerBalanceTransaction
  tax_id: Stripe.TaxId
  payment_method: Stripe.PaymentMethod
  card: CardRecord
  payment_intent: Stripe.PaymentIntent
  intent_plan: IntentPlan
  setup_intent: Stripe.SetupIntent
  setup_attempt: Stripe.SetupAttempt
  charge: Stripe.Charge
  balance_transaction: Stripe.BalanceTransaction
  refund: Stripe.Refund
  dispute: Stripe.Dispute
  fraud_warning: Stripe.Radar.EarlyFraudWarning
  checkout_session: Stripe.Checkout.Session
  checkout_plan: CheckoutPlan
  event: WireEvent
  endpoint: Endpoint
  delivery: Delivery
  answer: StoredAnswer
  setting: { id: string; value: number }
}

export type TableName = keyof Tables
