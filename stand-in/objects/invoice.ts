import type Stripe from "stripe"
import { parameterMissingResource, resourceMissing } from "../notation/errors"
import { newId } from "../notation/ids"
import type { WireInvoice, WireInvoiceLine } from "../world/billing-tables"
import type { World } from "../world/world"

export interface NewInvoice {
  customer: Stripe.Customer | null
  currency: string
  lines: WireInvoiceLine[]
  fields: Partial<WireInvoice>
}

export function newInvoice(world: World, of: NewInvoice): WireInvoice {
  const id = newId("in")
  const now = world.clock.now()
  const total = of.lines.reduce((sum, line) => sum + line.amount, 0)
  const { customer } = of
  return {
    id,
    object: "invoice",
    account_country: "US",
    account_name: "Stripe stand-in",
    account_tax_ids: null,
    amount_due: Math.max(total, 0),
    amount_overpaid: 0,
    amount_paid: 0,
    amount_remaining: Math.max(total, 0),
    amount_shipping: 0,
    application: null,
    attempt_count: 0,
    attempted: false,
    auto_advance: true,
    automatic_tax: { disabled_reason: null, enabled: false, liability: null, provider: null, status: null },
    automatically_finalizes_at: null,
    billing_reason: "manual",
    collection_method: "charge_automatically",
    created: now,
    currency: of.currency,
    custom_fields: null,
    customer: customer?.id ?? null,
    customer_account: null,
    customer_address: customer?.address ?? null,
    customer_email: customer?.email ?? null,
    customer_name: customer?.name ?? null,
    customer_phone: null,
    customer_shipping: null,
    customer_tax_exempt: "none",
    customer_tax_ids: [],
    default_payment_method: null,
    default_source: null,
    default_tax_rates: [],
    description: null,
    discounts: [],
    due_date: null,
    effective_at: null,
    ending_balance: null,
    footer: null,
    from_invoice: null,
    hosted_invoice_url: null,
    invoice_pdf: null,
    issuer: { type: "self" },
    last_finalization_error: null,
    latest_revision: null,
    lines: {
      object: "list",
      data: of.lines.map((line) => ({ ...line, invoice: id })),
      has_more: false,
      url: `/v1/invoices/${id}/lines`,
    },
    livemode: false,
    metadata: {},
    next_payment_attempt: null,
    number: null,
    on_behalf_of: null,
    parent: null,
    payment_settings: { default_mandate: null, payment_method_options: null, payment_method_types: null },
    period_end: now,
    period_start: now,
    post_payment_credit_notes_amount: 0,
    pre_payment_credit_notes_amount: 0,
    receipt_number: null,
    rendering: null,
    shipping_cost: null,
    shipping_details: null,
    starting_balance: 0,
    statement_descriptor: null,
    status: "draft",
    status_transitions: { finalized_at: null, marked_uncollectible_at: null, paid_at: null, voided_at: null },
    subtotal: total,
    subtotal_excluding_tax: total,
    test_clock: null,
    total,
    total_discount_amounts: [],
    total_excluding_tax: total,
    total_pretax_credit_amounts: [],
    total_taxes: [],
    webhooks_delivered_at: null,
    ...of.fields,
  }
}

export function requireInvoice(world: World, id: string): WireInvoice {
  const invoice = world.store.get("invoice", id)
  if (!invoice) throw resourceMissing("invoice", id, "invoice")
  return invoice
}

export function requireInvoiceParam(world: World, id: string): WireInvoice {
  const invoice = world.store.get("invoice", id)
  if (!invoice) throw parameterMissingResource("invoice", id, "invoice")
  return invoice
}
