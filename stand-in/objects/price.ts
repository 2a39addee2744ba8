import type Stripe from "stripe"
import { invalidRequest, parameterMissingResource, resourceMissing } from "../notation/errors"
import { newId } from "../notation/ids"
import type { WirePlan, WirePrice } from "../world/billing-tables"
import type { World } from "../world/world"

export interface RecurringParams {
  interval: "day" | "week" | "month" | "year"
  interval_count?: number
}

export interface NewPrice {
  currency: string
  unit_amount: number
  product: string
  recurring?: RecurringParams
  active?: boolean
  lookup_key?: string
  metadata?: Record<string, string>
  nickname?: string
  tax_behavior?: "exclusive" | "inclusive" | "unspecified"
}

export function newPrice(world: World, of: NewPrice): WirePrice {
  const { recurring } = of
  return {
    id: newId("price"),
    object: "price",
    active: of.active ?? true,
    billing_scheme: "per_unit",
    created: world.clock.now(),
    currency: of.currency,
    custom_unit_amount: null,
    livemode: false,
    lookup_key: of.lookup_key ?? null,
    metadata: of.metadata ?? {},
    nickname: of.nickname ?? null,
    product: of.product,
    recurring: recurring
      ? {
          interval: recurring.interval,
          interval_count: recurring.interval_count ?? 1,
          meter: null,
          trial_period_days: null,
          usage_type: "licensed",
        }
      : null,
    tax_behavior: of.tax_behavior ?? "unspecified",
    tiers_mode: null,
    transform_quantity: null,
    type: recurring ? "recurring" : "one_time",
    unit_amount: of.unit_amount,
    unit_amount_decimal: String(of.unit_amount),
  }
}

/** The older form of a recurring price, which subscription items still carry. */
export function planOf(price: WirePrice): WirePlan {
  const recurring = requireRecurring(price)
  return {
    id: price.id,
    object: "plan",
    active: price.active,
    amount: price.unit_amount,
    amount_decimal: price.unit_amount_decimal,
    billing_scheme: "per_unit",
    created: price.created,
    currency: price.currency,
    interval: recurring.interval,
    interval_count: recurring.interval_count,
    livemode: false,
    metadata: price.metadata,
    meter: null,
    nickname: price.nickname,
    product: price.product,
    tiers_mode: null,
    transform_usage: null,
    trial_period_days: null,
    usage_type: "licensed",
  }
}

export function requireRecurring(price: WirePrice): Stripe.Price.Recurring {
  if (price.recurring) return price.recurring
  throw invalidRequest(
    "The price specified is set to `type=one_time` but this field only accepts prices with `type=recurring`.",
    { param: "items[0][price]" },
  )
}

export function requirePrice(world: World, id: string): WirePrice {
  const price = world.store.get("price", id)
  if (!price) throw resourceMissing("price", id, "price")
  return price
}

/** Returns a price that may still be sold. */
export function requirePriceParam(world: World, id: string, param = "price"): WirePrice {
  const price = world.store.get("price", id)
  if (!price) throw parameterMissingResource("price", id, param)
  if (!price.active) {
    throw invalidRequest("The price specified is inactive. This field only accepts active prices.", { param })
  }
  if (world.store.get("product", String(price.product))?.active === false) {
    throw invalidRequest(
      "The price specified belongs to an inactive product. This field only accepts prices of active products.",
      { param },
    )
  }
  return price
}

export function productName(world: World, price: WirePrice): string {
  return world.store.get("product", String(price.product))?.name ?? "Subscription"
}
