import type Stripe from "stripe"
import { requirePlan } from "../objects/checkout-session"
import { newCustomer } from "../objects/customer"
import { emit } from "../world/events"
import type { World } from "../world/world"

/** The page's questions to the customer. */
export interface Payer {
  email: string | null
  name: string | null
}

export function ensureCustomer(world: World, session: Stripe.Checkout.Session, payer: Payer): void {
  const saves = requirePlan(world, session).paymentIntentData.setup_future_usage !== undefined
  if (session.customer || !(session.customer_creation === "always" || saves)) return
  const customer = world.store.put("customer", newCustomer(world, { email: payer.email, name: payer.name }))
  world.store.change("checkout_session", session, { customer: customer.id })
  emit(world, "customer.created", customer)
}

export function rememberPayer(world: World, session: Stripe.Checkout.Session, payer: Payer): void {
  const email = payer.email ?? session.customer_details?.email ?? null
  world.store.change("checkout_session", session, {
    customer_details: {
      address: null,
      business_name: null,
      email,
      individual_name: null,
      name: payer.name ?? session.customer_details?.name ?? null,
      phone: null,
      tax_exempt: "none",
      tax_ids: [],
    },
  })
  const customer = world.store.get("customer", String(session.customer))
  if (!customer) return
  const previous = { email: customer.email, name: customer.name }
  const name = requirePlan(world, session).updatesName && payer.name ? payer.name : customer.name
  if (customer.email === null || name !== customer.name) {
    world.store.change("customer", customer, { email: customer.email ?? email, name })
    emit(world, "customer.updated", customer, previous)
  }
}
