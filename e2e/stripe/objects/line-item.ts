import type Stripe from "stripe"
import { newId } from "../ids"
import type { WireLineItem } from "../tables"
import type { World } from "../world"

export interface LineItemParams {
  quantity?: number
  metadata?: Record<string, string>
  price_data: {
    currency: string
    unit_amount: number
    tax_behavior?: "exclusive" | "inclusive" | "unspecified"
    product_data: { name: string; description?: string; images?: string[]; metadata?: Record<string, string> }
  }
}

export function newLineItem(world: World, params: LineItemParams): WireLineItem {
  const { price_data: price, quantity = 1 } = params
  const total = price.unit_amount * quantity
  return {
    id: newId("li"),
    object: "item",
    adjustable_quantity: null,
    amount_discount: 0,
    amount_subtotal: total,
    amount_tax: 0,
    amount_total: total,
    currency: price.currency,
    description: price.product_data.name,
    metadata: params.metadata ?? {},
    price: {
      id: newId("price"),
      object: "price",
      active: false,
      billing_scheme: "per_unit",
      created: world.clock.now(),
      currency: price.currency,
      custom_unit_amount: null,
      livemode: false,
      lookup_key: null,
      metadata: {},
      nickname: null,
      product: newId("prod"),
      recurring: null,
      tax_behavior: price.tax_behavior ?? "unspecified",
      tiers_mode: null,
      transform_quantity: null,
      type: "one_time",
      unit_amount: price.unit_amount,
      unit_amount_decimal: String(price.unit_amount),
    } satisfies Omit<Stripe.Price, "unit_amount_decimal"> & { unit_amount_decimal: string },
    quantity,
  }
}
