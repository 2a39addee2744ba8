import { invalidRequest } from "../notation/errors"
import { newId } from "../notation/ids"
import type { WirePrice } from "../world/billing-tables"
import type { WireLineItem } from "../world/tables"
import type { World } from "../world/world"
import { newPrice, productName, type RecurringParams, requirePriceParam } from "./price"
import { newProduct } from "./product"

export interface LineItemParams {
  quantity?: number
  metadata?: Record<string, string>
  price?: string
  price_data?: {
    currency: string
    unit_amount: number
    recurring?: RecurringParams
    tax_behavior?: "exclusive" | "inclusive" | "unspecified"
    product_data: { name: string; description?: string; images?: string[] }
  }
}

/** Creates a price and product on the spot, never offered to anybody else. */
function priceOnTheSpot(world: World, data: NonNullable<LineItemParams["price_data"]>): WirePrice {
  const { product_data: of, ...price } = data
  const product = newProduct(world, { name: of.name, description: of.description ?? null, active: false })
  world.store.put("product", product)
  return world.store.put("price", newPrice(world, { ...price, product: product.id, active: false }))
}

function priceOf(world: World, params: LineItemParams): WirePrice {
  if (params.price && !params.price_data)
    return requirePriceParam(world, params.price, "line_items[0][price]")
  if (params.price_data && !params.price) return priceOnTheSpot(world, params.price_data)
  throw invalidRequest("You must specify either `price` or `price_data` for each line item, and not both.", {
    param: "line_items[0]",
  })
}

export function newLineItem(world: World, params: LineItemParams): WireLineItem {
  const { quantity = 1 } = params
  const price = priceOf(world, params)
  const total = (price.unit_amount ?? 0) * quantity
  return {
    id: newId("li"),
    object: "item",
    adjustable_quantity: null,
    amount_discount: 0,
    amount_subtotal: total,
    amount_tax: 0,
    amount_total: total,
    currency: price.currency,
    description: productName(world, price),
    metadata: params.metadata ?? {},
    price,
    quantity,
  }
}
