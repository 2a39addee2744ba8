import type Stripe from "stripe"

/** On the wire a Decimal is text. The SDK turns it into an object on arrival. */
export type WirePrice = Omit<Stripe.Price, "unit_amount_decimal"> & { unit_amount_decimal: string | null }
export type WirePlan = Omit<Stripe.Plan, "amount_decimal"> & { amount_decimal: string | null }
export type WireSubscriptionItem = Omit<Stripe.SubscriptionItem, "plan" | "price"> & {
  plan: WirePlan
  price: WirePrice
}
export type WireSubscription = Omit<Stripe.Subscription, "items" | "customer" | "default_payment_method"> & {
  customer: string
  default_payment_method: string | null
  items: WireList<WireSubscriptionItem>
}
type WirePricing = Omit<Stripe.InvoiceLineItem.Pricing, "unit_amount_decimal"> & {
  unit_amount_decimal: string | null
}
export type WireInvoiceLine = Omit<Stripe.InvoiceLineItem, "quantity_decimal" | "pricing"> & {
  quantity_decimal: string | null
  pricing: WirePricing | null
}
export type WireInvoice = Omit<Stripe.Invoice, "lines"> & { id: string; lines: WireList<WireInvoiceLine> }

interface WireList<T> {
  object: "list"
  data: T[]
  has_more: boolean
  url: string
}

type WireItemPricing = Omit<Stripe.InvoiceItem.Pricing, "unit_amount_decimal"> & {
  unit_amount_decimal: string | null
}
export type WireInvoiceItem = Omit<
  Stripe.InvoiceItem,
  "quantity_decimal" | "pricing" | "customer" | "invoice"
> & {
  customer: string
  invoice: string | null
  quantity_decimal: string
  pricing: WireItemPricing | null
}

export interface Period {
  start: number
  end: number
}

/** A proration that waits for its subscription's next invoice. */
export interface PendingLine {
  id: string
  created: number
  subscription: string
  line: WireInvoiceLine
}

export interface PortalVisit {
  /** The secret end of the session's address. */
  id: string
  session: string
  expiresS: number
}

export interface BillingTables {
  product: Stripe.Product
  price: WirePrice
  subscription: WireSubscription
  subscription_schedule: Stripe.SubscriptionSchedule
  invoice: WireInvoice
  invoice_item: WireInvoiceItem
  invoice_payment: Stripe.InvoicePayment
  pending_line: PendingLine
  portal_configuration: Stripe.BillingPortal.Configuration
  portal_session: Stripe.BillingPortal.Session
  portal_visit: PortalVisit
}
