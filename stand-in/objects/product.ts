import type Stripe from "stripe"
import { invalidRequest, parameterMissingResource, resourceMissing } from "../notation/errors"
import { newId } from "../notation/ids"
import type { World } from "../world/world"

export function newProduct(
  world: World,
  fields: Pick<Stripe.Product, "name"> & Partial<Stripe.Product>,
): Stripe.Product {
  return {
    id: newId("prod"),
    object: "product",
    active: true,
    created: world.clock.now(),
    default_price: null,
    description: null,
    images: [],
    livemode: false,
    marketing_features: [],
    metadata: {},
    package_dimensions: null,
    shippable: null,
    statement_descriptor: null,
    tax_code: null,
    tax_details: null,
    type: "service",
    unit_label: null,
    updated: world.clock.now(),
    url: null,
    ...fields,
  }
}

export function requireProduct(world: World, id: string): Stripe.Product {
  const product = world.store.get("product", id)
  if (!product) throw resourceMissing("product", id)
  return product
}

export function requireProductParam(world: World, id: string, param = "product"): Stripe.Product {
  const product = world.store.get("product", id)
  if (!product) throw parameterMissingResource("product", id, param)
  return product
}

export function requireUnusedProductId(world: World, id: string): void {
  if (!world.store.get("product", id)) return
  throw invalidRequest("Product already exists.", { code: "resource_already_exists" })
}
