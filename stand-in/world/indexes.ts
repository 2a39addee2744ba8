import type Stripe from "stripe"
import type { PendingLine, PortalVisit, WirePrice } from "./billing-tables"
import { customerOf, subjectOf, subscriptionIdOf } from "./subject"
import type { Delivery, WireEvent } from "./tables"

const customer = (row: object) => customerOf(row)

/** The values that find rows without reading the whole table. Null: the row isn't in this index. */
export const INDEXES = {
  charge: { customer, payment_intent: (row: Stripe.Charge) => String(row.payment_intent) },
  checkout_session: {
    customer,
    payment_intent: (row: Stripe.Checkout.Session) => row.payment_intent && String(row.payment_intent),
    setup_intent: (row: Stripe.Checkout.Session) => row.setup_intent && String(row.setup_intent),
    subscription: (row: Stripe.Checkout.Session) => row.subscription && String(row.subscription),
  },
  customer_balance_transaction: { customer },
  dispute: { charge: (row: Stripe.Dispute) => String(row.charge) },
  delivery: {
    event: (row: Delivery) => row.event,
    /** The event that some endpoint hasn't taken. */
    undelivered: (row: Delivery) => (row.state === "delivered" ? null : row.event),
    held: (row: Delivery) => (row.state === "held" ? "held" : null),
  },
  fraud_warning: { charge: (row: Stripe.Radar.EarlyFraudWarning) => String(row.charge) },
  event: { customer: (row: WireEvent) => customerOf(subjectOf(row)) },
  invoice: { customer, subscription: subscriptionIdOf },
  invoice_item: { customer },
  invoice_payment: {
    invoice: (row: Stripe.InvoicePayment) => String(row.invoice),
    payment_intent: (row: Stripe.InvoicePayment) => String(row.payment.payment_intent),
  },
  payment_intent: { customer },
  payment_method: { customer },
  pending_line: { subscription: (row: PendingLine) => row.subscription },
  portal_visit: { session: (row: PortalVisit) => row.session },
  price: { lookup_key: (row: WirePrice) => row.lookup_key },
  refund: { charge: (row: Stripe.Refund) => String(row.charge) },
  subscription: { customer },
  tax_id: { customer },
}

export type Indexes = typeof INDEXES
