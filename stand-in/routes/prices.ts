import { z } from "zod"
import { paginateTable } from "../api/paging"
import { type Route, route } from "../api/route"
import { invalidRequest } from "../notation/errors"
import {
  bool,
  created,
  currency,
  expand,
  int,
  mergeMetadata,
  metadata,
  paging,
  recurring,
  text,
} from "../notation/params"
import { newPrice, requirePrice } from "../objects/price"
import { newProduct, requireProductParam, requireUnusedProductId } from "../objects/product"
import type { WirePrice } from "../world/billing-tables"
import { changedFields, emit } from "../world/events"
import type { World } from "../world/world"

const taxBehavior = z.enum(["exclusive", "inclusive", "unspecified"])

const createParams = z.strictObject({
  active: bool.optional(),
  currency,
  expand,
  lookup_key: z.string().max(200).optional(),
  metadata: metadata.optional(),
  nickname: text.optional(),
  product: text.optional(),
  product_data: z
    .strictObject({
      active: bool.optional(),
      id: text.optional(),
      metadata: metadata.optional(),
      name: text,
    })
    .optional(),
  recurring: recurring.optional(),
  tax_behavior: taxBehavior.optional(),
  transfer_lookup_key: bool.optional(),
  unit_amount: int,
})

const updateParams = z.strictObject({
  active: bool.optional(),
  expand,
  lookup_key: z.string().max(200).optional(),
  metadata: metadata.optional(),
  nickname: z.string().optional(),
  tax_behavior: taxBehavior.optional(),
  transfer_lookup_key: bool.optional(),
})

/** A lookup key belongs to one active price. It moves only when the caller says so. */
function claimLookupKey(
  world: World,
  price: WirePrice,
  params: { lookup_key?: string; transfer_lookup_key?: boolean },
): string | null {
  const key = params.lookup_key
  if (!key) return null
  const holder = world.store.where("price", "lookup_key", key).find((each) => each.id !== price.id)
  if (holder && !params.transfer_lookup_key) {
    throw invalidRequest(
      `A price (\`${holder.id}\`) already uses that lookup key. You can transfer the lookup key from that price by specifying \`transfer_lookup_key=true\`.`,
      { param: "lookup_key" },
    )
  }
  if (holder) {
    world.store.change("price", holder, { lookup_key: null })
    emit(world, "price.updated", holder, { lookup_key: key })
  }
  return key
}

function productOf(world: World, params: z.infer<typeof createParams>): string {
  const { product, product_data: data } = params
  if (Boolean(product) === Boolean(data)) {
    throw invalidRequest(
      "You must specify either `product` or `product_data` when creating a price, and not both.",
      { param: "product" },
    )
  }
  if (product) return requireProductParam(world, product).id
  if (data?.id) requireUnusedProductId(world, data.id)
  const made = newProduct(world, {
    name: data?.name ?? "",
    active: data?.active ?? true,
    metadata: mergeMetadata({}, data?.metadata),
    ...(data?.id ? { id: data.id } : {}),
  })
  world.store.put("product", made)
  emit(world, "product.created", made)
  return made.id
}

function create(world: World, params: z.infer<typeof createParams>): WirePrice {
  if (params.unit_amount < 0) {
    throw invalidRequest("Invalid non-negative integer", {
      code: "parameter_invalid_integer",
      param: "unit_amount",
    })
  }
  const price = newPrice(world, {
    active: params.active,
    currency: params.currency,
    metadata: mergeMetadata({}, params.metadata),
    nickname: params.nickname,
    product: "",
    recurring: params.recurring,
    tax_behavior: params.tax_behavior,
    unit_amount: params.unit_amount,
  })
  price.lookup_key = claimLookupKey(world, price, params)
  price.product = productOf(world, params)
  world.store.put("price", price)
  emit(world, "price.created", price)
  return price
}

function update(world: World, price: WirePrice, params: z.infer<typeof updateParams>): WirePrice {
  const before = structuredClone(price)
  const key = params.lookup_key === undefined ? price.lookup_key : claimLookupKey(world, price, params)
  world.store.change("price", price, {
    active: params.active ?? price.active,
    lookup_key: key,
    metadata: mergeMetadata(price.metadata, params.metadata),
    nickname: params.nickname === undefined ? price.nickname : params.nickname || null,
    tax_behavior: params.tax_behavior ?? price.tax_behavior,
  })
  const previous = changedFields(before, price)
  if (previous) emit(world, "price.updated", price, previous)
  return price
}

const listParams = z.strictObject({
  ...paging,
  active: bool.optional(),
  created,
  currency: currency.optional(),
  lookup_keys: z.array(text).max(10).optional(),
  product: text.optional(),
  recurring: z.strictObject({ interval: z.enum(["day", "week", "month", "year"]).optional() }).optional(),
  type: z.enum(["one_time", "recurring"]).optional(),
})

function matches(row: WirePrice, wanted: z.infer<typeof listParams>): boolean {
  return (
    (wanted.active === undefined || row.active === wanted.active) &&
    (!wanted.currency || row.currency === wanted.currency) &&
    (!wanted.lookup_keys || wanted.lookup_keys.includes(row.lookup_key ?? "")) &&
    (!wanted.product || row.product === wanted.product) &&
    (!wanted.recurring?.interval || row.recurring?.interval === wanted.recurring.interval) &&
    (!wanted.type || row.type === wanted.type)
  )
}

export const priceRoutes: Route[] = [
  route({
    method: "POST",
    path: "/v1/prices",
    request: "PriceCreateParams",
    answer: "Price",
    params: createParams,
    run: ({ world, params }) => create(world, params),
  }),
  route({
    method: "GET",
    path: "/v1/prices",
    request: "PriceListParams",
    answer: ["Price"],
    params: listParams,
    run: ({ world, params }) =>
      paginateTable(world.store.table("price"), params, "/v1/prices", (row) => matches(row, params)),
  }),
  route({
    method: "GET",
    path: "/v1/prices/:id",
    answer: "Price",
    params: z.strictObject({ expand }),
    run: ({ world, ids }) => requirePrice(world, ids.id ?? ""),
  }),
  route({
    method: "POST",
    path: "/v1/prices/:id",
    request: "PriceUpdateParams",
    answer: "Price",
    params: updateParams,
    run: ({ world, ids, params }) => update(world, requirePrice(world, ids.id ?? ""), params),
  }),
]
