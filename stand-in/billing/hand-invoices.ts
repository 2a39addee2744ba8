import type { z } from "zod"
import { invalidRequest } from "../notation/errors"
import { mergeMetadata } from "../notation/params"
import { requireCustomerParam } from "../objects/customer"
import { requireIntent } from "../objects/payment-intent"
import type { WireInvoice } from "../world/billing-tables"
import type { World } from "../world/world"
import { collectInvoice, defaultMethodOf } from "./collect"
import { requireOwnCard } from "./create-subscription"
import type { invoiceParams } from "./hand-invoice-params"
import { takeWaitingItems } from "./invoice-items"
import { draftInvoice, finalizeInvoice, linkPayment, markPaid, setLines } from "./invoices"

const DAY_S = 24 * 3600

export function createInvoice(world: World, params: z.infer<typeof invoiceParams>): WireInvoice {
  const customer = requireCustomerParam(world, params.customer)
  const own = params.default_payment_method
  const byMail = params.collection_method === "send_invoice"
  if (byMail !== (params.days_until_due !== undefined)) {
    throw invalidRequest("`days_until_due` goes with `collection_method: send_invoice`, and only with it.", {
      param: "days_until_due",
    })
  }
  const invoice = draftInvoice(world, {
    customer,
    currency: params.currency ?? customer.currency ?? "usd",
    lines: [],
    fields: {
      auto_advance: params.auto_advance ?? false,
      collection_method: params.collection_method ?? "charge_automatically",
      default_payment_method: own ? requireOwnCard(world, customer.id, own) : null,
      description: params.description ?? null,
      due_date: byMail ? world.clock.now() + (params.days_until_due ?? 0) * DAY_S : null,
      footer: params.footer ?? null,
      metadata: mergeMetadata({}, params.metadata),
    },
  })
  if (params.pending_invoice_items_behavior === "include")
    setLines(world, invoice, takeWaitingItems(world, customer.id, invoice.id))
  return invoice
}

/**
 * Finalizes by hand. An invoice with nothing due is paid at once; others are charged at once only if Stripe is to
 * continue by itself.
 */
export function finalizeByHand(
  world: World,
  invoice: WireInvoice,
  advance: boolean | undefined,
): WireInvoice {
  if (invoice.status !== "draft") {
    throw invalidRequest("This invoice is already finalized, you can't re-finalize a non-draft invoice.")
  }
  if (invoice.lines.data.length === 0) {
    throw invalidRequest("You cannot finalize an invoice without any lines.", {
      code: "invoice_no_customer_line_items",
    })
  }
  finalizeInvoice(world, invoice)
  if (advance !== undefined) world.store.change("invoice", invoice, { auto_advance: advance })
  if (invoice.amount_due === 0) markPaid(world, invoice)
  else if (invoice.auto_advance && invoice.collection_method === "charge_automatically") {
    const own = invoice.default_payment_method
    const method = defaultMethodOf(world, String(invoice.customer), own ? String(own) : null)
    collectInvoice(world, invoice, { method, offSession: true, automatic: true })
  }
  return invoice
}

/** A payment made elsewhere pays the invoice, if it covers the rest. */
export function attachPayment(world: World, invoice: WireInvoice, id: string): WireInvoice {
  if (invoice.status !== "open") {
    throw invalidRequest(`Payments can only be attached to open invoices. This invoice is ${invoice.status}.`)
  }
  const intent = requireIntent(world, id)
  if (intent.customer !== invoice.customer || intent.currency !== invoice.currency) {
    throw invalidRequest("The PaymentIntent and the invoice must have the same customer and currency.", {
      param: "payment_intent",
    })
  }
  if (intent.amount > invoice.amount_remaining) {
    throw invalidRequest("The PaymentIntent's amount is more than what remains to be paid.", {
      param: "payment_intent",
    })
  }
  linkPayment(world, invoice, intent)
  if (intent.status === "succeeded" && intent.amount === invoice.amount_remaining) markPaid(world, invoice)
  return invoice
}

export function payOutOfBand(world: World, invoice: WireInvoice): WireInvoice {
  markPaid(world, invoice)
  return invoice
}
