import type Stripe from "stripe"
import { customerOf, subjectOf } from "./subject"
import type { Delivery, WireEvent } from "./tables"

const customer = (row: object) => customerOf(row)

/** The values by which rows are found without reading the whole table. Null: the row isn't in this index. */
export const INDEXES = {
  charge: { customer, payment_intent: (row: Stripe.Charge) => String(row.payment_intent) },
  checkout_session: {
    customer,
    payment_intent: (row: Stripe.Checkout.Session) => row.payment_intent && String(row.payment_intent),
    subscription: (row: Stripe.Checkout.Session) => row.subscription && String(row.subscription),
  },
  dispute: { charge: (row: Stripe.Dispute) => String(row.charge) },
  delivery: {
    event: (row: Delivery) => row.event,
    /** The event that some endpoint hasn't taken. */
    undelivered: (row: Delivery) => (row.state === "delivered" ? null : row.event),
    held: (row: Delivery) => (row.state === "held" ? "held" : null),
  },
  event: { customer: (row: WireEvent) => customerOf(subjectOf(row)) },
  payment_intent: { customer },
  payment_method: { customer },
  refund: { charge: (row: Stripe.Refund) => String(row.charge) },
}

export type Indexes = typeof INDEXES
