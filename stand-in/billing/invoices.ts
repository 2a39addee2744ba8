import type Stripe from "stripe"
import { randomText } from "../notation/ids"
import { newInvoice } from "../objects/invoice"
import { newInvoicePayment, paymentOfInvoice } from "../objects/invoice-payment"
import type { WireInvoice, WireInvoiceLine, WireSubscription } from "../world/billing-tables"
import { emit } from "../world/events"
import type { World } from "../world/world"
import { moveBalance } from "./customer-balance"

export interface InvoiceDraft {
  customer: Stripe.Customer | null
  currency: string
  lines: WireInvoiceLine[]
  fields: Partial<WireInvoice>
}

/** Creates a draft and announces it. At Stripe a renewal's draft lasts an hour; here it is finalized at once. */
export function draftInvoice(world: World, draft: InvoiceDraft): WireInvoice {
  const invoice = world.store.put("invoice", newInvoice(world, draft))
  emit(world, "invoice.created", invoice)
  return invoice
}

/** Returns the fields in which an invoice names its subscription. */
export function parentFields(subscription: WireSubscription): Pick<WireInvoice, "parent"> {
  return {
    parent: {
      quote_details: null,
      subscription_details: { metadata: { ...subscription.metadata }, subscription: subscription.id },
      type: "subscription_details",
    },
  }
}

/** Returns what is left to pay of a total after the customer's credit, and the credit left after it. */
export function applyBalance(total: number, balance: number): { due: number; ending: number } {
  const due = Math.max(total + Math.min(balance, 0), 0)
  return { due, ending: balance + total - due }
}

function numberFor(world: World, customer: Stripe.Customer | null): string {
  const prefix = customer?.invoice_prefix ?? randomText(8).toUpperCase()
  const sequence = customer?.next_invoice_sequence ?? 1
  if (customer) world.store.change("customer", customer, { next_invoice_sequence: sequence + 1 })
  return `${prefix}-${String(sequence).padStart(4, "0")}`
}

/** The first invoice fixes the customer's currency, and each may use up or add to the balance. */
function settleBalance(world: World, customer: Stripe.Customer, invoice: WireInvoice, ending: number): void {
  const amount = ending - customer.balance
  if (amount === 0 && customer.currency) return
  if (amount !== 0) {
    const type = amount > 0 ? "applied_to_invoice" : "invoice_too_small"
    moveBalance(world, customer, { amount, type, currency: invoice.currency, invoice: invoice.id })
    return
  }
  world.store.change("customer", customer, { currency: invoice.currency })
  emit(world, "customer.updated", customer, { currency: null })
}

export function finalizeInvoice(world: World, invoice: WireInvoice): void {
  const customer = world.store.get("customer", String(invoice.customer)) ?? null
  const now = world.clock.now()
  const { due, ending } = applyBalance(invoice.total, customer?.balance ?? 0)
  world.store.change("invoice", invoice, {
    amount_due: due,
    amount_remaining: due,
    effective_at: now,
    ending_balance: ending,
    hosted_invoice_url: `${world.baseUrl}/invoices/${invoice.id}`,
    invoice_pdf: `${world.baseUrl}/invoices/${invoice.id}/pdf`,
    number: numberFor(world, customer),
    starting_balance: customer?.balance ?? 0,
    status: "open",
    status_transitions: { ...invoice.status_transitions, finalized_at: now },
    webhooks_delivered_at: now,
  })
  emit(world, "invoice.finalized", invoice)
  if (customer) settleBalance(world, customer, invoice, ending)
}

/** Remembers which payment pays an invoice. */
export function linkPayment(
  world: World,
  invoice: WireInvoice,
  intent: Stripe.PaymentIntent,
): Stripe.InvoicePayment {
  return world.store.put("invoice_payment", newInvoicePayment(world, invoice, intent))
}

/** Marks it paid, with money or because nothing was due. */
export function markPaid(world: World, invoice: WireInvoice): void {
  const now = world.clock.now()
  const payment = paymentOfInvoice(world, invoice.id)
  world.store.change("invoice", invoice, {
    amount_paid: invoice.amount_due,
    amount_remaining: 0,
    attempted: true,
    auto_advance: false,
    next_payment_attempt: null,
    status: "paid",
    status_transitions: { ...invoice.status_transitions, paid_at: now },
  })
  if (payment) {
    world.store.change("invoice_payment", payment, {
      amount_paid: payment.amount_requested,
      status: "paid",
      status_transitions: { ...payment.status_transitions, paid_at: now },
    })
    emit(world, "invoice_payment.paid", payment)
  }
  emit(world, "invoice.paid", invoice)
  emit(world, "invoice.payment_succeeded", invoice)
}

export function setLines(world: World, invoice: WireInvoice, lines: WireInvoiceLine[]): void {
  const total = lines.reduce((sum, line) => sum + line.amount, 0)
  world.store.change("invoice", invoice, {
    lines: { ...invoice.lines, data: lines.map((line) => ({ ...line, invoice: invoice.id })) },
    amount_due: Math.max(total, 0),
    amount_remaining: Math.max(total, 0),
    subtotal: total,
    subtotal_excluding_tax: total,
    total,
    total_excluding_tax: total,
  })
  emit(world, "invoice.updated", invoice)
}
