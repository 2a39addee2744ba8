import type Stripe from "stripe"
import { newId } from "../notation/ids"
import type { WireInvoice } from "../world/billing-tables"
import type { World } from "../world/world"

export function newInvoicePayment(
  world: World,
  invoice: WireInvoice,
  intent: Stripe.PaymentIntent,
): Stripe.InvoicePayment {
  return {
    id: newId("inpay"),
    object: "invoice_payment",
    amount_paid: null,
    amount_requested: intent.amount,
    created: world.clock.now(),
    currency: intent.currency,
    invoice: invoice.id,
    is_default: true,
    livemode: false,
    payment: { payment_intent: intent.id, type: "payment_intent" },
    status: "open",
    status_transitions: { canceled_at: null, paid_at: null },
  }
}

export function invoiceOfIntent(world: World, intent: string): WireInvoice | null {
  const [payment] = world.store.where("invoice_payment", "payment_intent", intent)
  return (payment && world.store.get("invoice", String(payment.invoice))) ?? null
}

export function paymentOfInvoice(world: World, invoice: string): Stripe.InvoicePayment | null {
  return world.store.where("invoice_payment", "invoice", invoice).at(-1) ?? null
}

export function intentOfInvoice(world: World, invoice: string): Stripe.PaymentIntent | null {
  const payment = paymentOfInvoice(world, invoice)
  return world.store.get("payment_intent", String(payment?.payment.payment_intent)) ?? null
}
