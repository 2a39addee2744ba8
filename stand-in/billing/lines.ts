import { longDate, money } from "../notation/format"
import { newId } from "../notation/ids"
import { productName } from "../objects/price"
import type {
  Period,
  WireInvoiceLine,
  WirePrice,
  WireSubscription,
  WireSubscriptionItem,
} from "../world/billing-tables"
import type { World } from "../world/world"

export interface NewLine {
  amount: number
  currency: string
  description: string | null
  period: Period
  quantity: number | null
  parent?: WireInvoiceLine["parent"]
  pricing?: WireInvoiceLine["pricing"]
  subscription?: string | null
}

export function newInvoiceLine(of: NewLine): WireInvoiceLine {
  return {
    id: newId("il"),
    object: "line_item",
    amount: of.amount,
    currency: of.currency,
    description: of.description,
    discount_amounts: [],
    discountable: of.amount >= 0,
    discounts: [],
    invoice: null,
    livemode: false,
    metadata: {},
    parent: of.parent ?? null,
    period: of.period,
    pretax_credit_amounts: [],
    pricing: of.pricing ?? null,
    quantity: of.quantity,
    quantity_decimal: of.quantity === null ? null : String(of.quantity),
    subscription: of.subscription ?? null,
    subtotal: of.amount,
    taxes: [],
  }
}

export function rhythm(price: WirePrice): string {
  const { interval = "month", interval_count: count = 1 } = price.recurring ?? {}
  return count === 1 ? interval : `${count} ${interval}s`
}

function pricingOf(price: WirePrice): WireInvoiceLine["pricing"] {
  return {
    price_details: { price: price.id, product: String(price.product) },
    type: "price_details",
    unit_amount_decimal: price.unit_amount_decimal,
  }
}

function parentOf(item: WireSubscriptionItem, proration: boolean): WireInvoiceLine["parent"] {
  return {
    invoice_item_details: null,
    subscription_item_details: {
      invoice_item: proration ? newId("ii") : null,
      proration,
      proration_details: proration ? { credited_items: null } : null,
      subscription: item.subscription,
      subscription_item: item.id,
    },
    type: "subscription_item_details",
  }
}

export function amountOf(price: WirePrice, quantity: number): number {
  return (price.unit_amount ?? 0) * quantity
}

interface PeriodCharge {
  item: WireSubscriptionItem
  period: Period
  /** Differs from the whole price for a first period that is cut short, or a trial. */
  amount?: number
  description?: string
}

export function periodLine(world: World, { item, period, ...of }: PeriodCharge): WireInvoiceLine {
  const { price, quantity = 1 } = item
  const each = money(price.unit_amount ?? 0, price.currency)
  return newInvoiceLine({
    amount: of.amount ?? amountOf(price, quantity),
    currency: price.currency,
    description:
      of.description ?? `${quantity} × ${productName(world, price)} (at ${each} / ${rhythm(price)})`,
    period,
    quantity,
    parent: parentOf(item, false),
    pricing: pricingOf(price),
    subscription: item.subscription,
  })
}

interface Proration {
  item: WireSubscriptionItem
  price: WirePrice
  quantity: number
  amount: number
  period: Period
}

/** Makes a credit for time that won't be used, or the charge for time that will. */
export function prorationLine(world: World, of: Proration): WireInvoiceLine {
  const what = of.amount < 0 ? "Unused" : "Remaining"
  return newInvoiceLine({
    amount: of.amount,
    currency: of.price.currency,
    description: `${what} time on ${of.quantity} × ${productName(world, of.price)} after ${longDate(of.period.start)}`,
    period: of.period,
    quantity: of.quantity,
    parent: parentOf(of.item, true),
    pricing: pricingOf(of.price),
    subscription: of.item.subscription,
  })
}

/** Takes the lines that wait for the subscription's next invoice. */
export function takePendingLines(world: World, subscription: WireSubscription): WireInvoiceLine[] {
  const pending = world.store.where("pending_line", "subscription", subscription.id)
  for (const row of pending) world.store.remove("pending_line", row.id)
  return pending.map((row) => row.line)
}

export function pendingTotal(world: World, subscription: WireSubscription): number {
  const pending = world.store.where("pending_line", "subscription", subscription.id)
  return pending.reduce((sum, row) => sum + row.line.amount, 0)
}
