import type { z } from "zod"
import { invalidRequest } from "../notation/errors"
import { newId } from "../notation/ids"
import { mergeMetadata } from "../notation/params"
import { requireCustomerParam } from "../objects/customer"
import { requireInvoiceParam } from "../objects/invoice"
import { requirePriceParam } from "../objects/price"
import type { WireInvoice, WireInvoiceItem, WireInvoiceLine } from "../world/billing-tables"
import { emit } from "../world/events"
import type { World } from "../world/world"
import type { itemParams } from "./hand-invoice-params"
import { setLines } from "./invoices"
import { newInvoiceLine } from "./lines"

type Params = z.infer<typeof itemParams>

/** Returns what an item costs: an amount, or a price times a quantity. */
function costOf(
  world: World,
  params: Params,
): Pick<WireInvoiceItem, "amount" | "currency" | "pricing" | "description"> & { quantity: number } {
  const quantity = params.quantity ?? 1
  const description = params.description ?? null
  if (params.pricing) {
    const price = requirePriceParam(world, params.pricing.price, "pricing[price]")
    const pricing = {
      price_details: { price: price.id, product: String(price.product) },
      type: "price_details" as const,
      unit_amount_decimal: price.unit_amount_decimal,
    }
    const amount = (price.unit_amount ?? 0) * quantity
    return { amount, currency: price.currency, pricing, description, quantity }
  }
  if (params.amount === undefined || params.currency === undefined)
    throw invalidRequest("You must specify either `pricing` or `amount` and `currency`.", { param: "amount" })
  return { amount: params.amount, currency: params.currency, pricing: null, description, quantity }
}

export function requireEditable(invoice: WireInvoice): void {
  if (invoice.status === "draft") return
  throw invalidRequest("This invoice is no longer editable", { code: "invoice_not_editable" })
}

/** On a draft it becomes a line at once. Without one it waits for the customer's next invoice by hand. */
export function createInvoiceItem(world: World, params: Params): WireInvoiceItem {
  const customer = requireCustomerParam(world, params.customer)
  const invoice = params.invoice ? requireInvoiceParam(world, params.invoice) : null
  if (invoice) requireEditable(invoice)
  const now = world.clock.now()
  const cost = costOf(world, params)
  const item = world.store.put("invoice_item", {
    id: newId("ii"),
    object: "invoiceitem",
    ...cost,
    customer: customer.id,
    customer_account: null,
    date: now,
    discountable: true,
    discounts: [],
    invoice: invoice?.id ?? null,
    livemode: false,
    metadata: mergeMetadata({}, params.metadata),
    parent: null,
    period: { end: now, start: now },
    proration: false,
    quantity_decimal: String(cost.quantity),
    tax_rates: [],
    test_clock: null,
  })
  emit(world, "invoiceitem.created", item)
  if (invoice) setLines(world, invoice, [...invoice.lines.data, lineOf(item)])
  return item
}

export function lineOf(item: WireInvoiceItem): WireInvoiceLine {
  return newInvoiceLine({
    amount: item.amount,
    currency: item.currency,
    description: item.description,
    period: item.period,
    quantity: item.quantity,
    pricing: item.pricing,
    parent: {
      invoice_item_details: {
        invoice_item: item.id,
        proration: false,
        proration_details: null,
        subscription: null,
      },
      subscription_item_details: null,
      type: "invoice_item_details",
    },
  })
}

/** Moves the waiting items onto an invoice. */
export function takeWaitingItems(world: World, customer: string, invoice: string): WireInvoiceLine[] {
  const waiting = world.store.where("invoice_item", "customer", customer).filter((item) => !item.invoice)
  return waiting.map((item) => lineOf(world.store.change("invoice_item", item, { invoice })))
}
