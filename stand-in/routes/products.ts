import type Stripe from "stripe"
import { z } from "zod"
import { paginate, paginateTable } from "../api/paging"
import { type Route, route } from "../api/route"
import {
  bool,
  created,
  emptyable,
  expand,
  mergeMetadata,
  metadata,
  paging,
  sentFields,
  text,
} from "../notation/params"
import { newProduct, requireProduct, requireProductParam, requireUnusedProductId } from "../objects/product"
import { changedFields, emit } from "../world/events"
import type { World } from "../world/world"

const features = z.array(z.strictObject({ name: text }))

const createParams = z.strictObject({
  active: bool.optional(),
  description: text.optional(),
  expand,
  id: text.optional(),
  images: z.array(z.string()).max(8).optional(),
  marketing_features: features.optional(),
  metadata: metadata.optional(),
  name: text,
  statement_descriptor: text.optional(),
  unit_label: text.optional(),
  url: text.optional(),
})

const updateParams = z.strictObject({
  active: bool.optional(),
  default_price: text.optional(),
  description: emptyable.optional(),
  expand,
  images: z.union([z.literal(""), z.array(z.string()).max(8)]).optional(),
  marketing_features: z.union([z.literal(""), features]).optional(),
  metadata: metadata.optional(),
  name: text.optional(),
  unit_label: emptyable.optional(),
  url: emptyable.optional(),
})

function create(world: World, params: z.infer<typeof createParams>): Stripe.Product {
  const { expand: _expand, metadata: given, id, ...rest } = params
  if (id) requireUnusedProductId(world, id)
  const product = newProduct(world, {
    ...rest,
    ...(id ? { id } : {}),
    metadata: mergeMetadata({}, given),
  })
  world.store.put("product", product)
  emit(world, "product.created", product)
  return product
}

function update(world: World, product: Stripe.Product, params: z.infer<typeof updateParams>): Stripe.Product {
  const { expand: _expand, metadata: given, name, active, images, marketing_features, ...rest } = params
  const before = structuredClone(product)
  world.store.change("product", product, {
    ...sentFields(rest),
    name: name ?? product.name,
    active: active ?? product.active,
    images: images === undefined ? product.images : images || [],
    marketing_features:
      marketing_features === undefined ? product.marketing_features : marketing_features || [],
    metadata: mergeMetadata(product.metadata, given),
  })
  const previous = changedFields(before, product)
  if (!previous) return product
  world.store.change("product", product, { updated: world.clock.now() })
  emit(world, "product.updated", product, { ...previous, updated: before.updated })
  return product
}

export const productRoutes: Route[] = [
  route({
    method: "POST",
    path: "/v1/products",
    request: "ProductCreateParams",
    answer: "Product",
    params: createParams,
    run: ({ world, params }) => create(world, params),
  }),
  route({
    method: "GET",
    path: "/v1/products",
    request: "ProductListParams",
    answer: ["Product"],
    params: z.strictObject({ ...paging, active: bool.optional(), created, ids: z.array(text).optional() }),
    run: ({ world, params: { active, ids, ...page } }) => {
      const matches = (row: Stripe.Product) => active === undefined || row.active === active
      if (!ids) return paginateTable(world.store.table("product"), page, "/v1/products", matches)
      const found = ids.map((id) => requireProductParam(world, id, "ids"))
      return paginate(found.filter(matches), page, "/v1/products")
    },
  }),
  route({
    method: "GET",
    path: "/v1/products/:id",
    answer: "Product",
    params: z.strictObject({ expand }),
    run: ({ world, ids }) => requireProduct(world, ids.id ?? ""),
  }),
  route({
    method: "POST",
    path: "/v1/products/:id",
    request: "ProductUpdateParams",
    answer: "Product",
    params: updateParams,
    run: ({ world, ids, params }) => update(world, requireProduct(world, ids.id ?? ""), params),
  }),
]
