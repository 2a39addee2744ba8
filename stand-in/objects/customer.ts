import type Stripe from "stripe"
import { parameterMissingResource, resourceMissing } from "../notation/errors"
import { newId, randomText } from "../notation/ids"
import type { World } from "../world/world"

export function newCustomer(world: World, fields: Partial<Stripe.Customer>): Stripe.Customer {
  return {
    id: newId("cus"),
    object: "customer",
    address: null,
    balance: 0,
    created: world.clock.now(),
    currency: null,
    default_source: null,
    delinquent: false,
    description: null,
    discount: null,
    email: null,
    invoice_prefix: randomText(8).toUpperCase(),
    invoice_settings: {
      custom_fields: null,
      default_payment_method: null,
      footer: null,
      rendering_options: null,
    },
    livemode: false,
    metadata: {},
    name: null,
    next_invoice_sequence: 1,
    phone: null,
    preferred_locales: [],
    shipping: null,
    tax_exempt: "none",
    test_clock: null,
    ...fields,
  }
}

export function requireCustomer(world: World, id: string): Stripe.Customer {
  const customer = world.store.get("customer", id)
  if (!customer) throw resourceMissing("customer", id)
  return customer
}

/** A list may be of a customer that was deleted since, but not of one that never existed. */
export function requireKnownCustomer(world: World, id: string | undefined): void {
  if (id === undefined || world.store.get("customer", id) || world.store.get("deleted_customer", id)) return
  throw parameterMissingResource("customer", id, "customer")
}

export function requireCustomerParam(world: World, id: string): Stripe.Customer {
  const customer = world.store.get("customer", id)
  if (!customer) throw parameterMissingResource("customer", id, "customer")
  return customer
}
