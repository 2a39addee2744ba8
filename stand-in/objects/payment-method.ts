import type Stripe from "stripe"
import type { TestCard } from "../cards/cards"
import { cardByTestId } from "../cards/cards"
import { parameterMissingResource, resourceMissing } from "../notation/errors"
import { newId } from "../notation/ids"
import type { World } from "../world/world"

export interface CardDetails {
  card: TestCard
  expMonth?: number
  expYear?: number
  name?: string | null
  email?: string | null
  metadata?: Record<string, string>
}

function wireCard(details: CardDetails, thisYear: number): Stripe.PaymentMethod.Card {
  const { card } = details
  return {
    brand: card.brand,
    checks: { address_line1_check: null, address_postal_code_check: null, cvc_check: "pass" },
    country: "US",
    display_brand: card.brand === "amex" ? "american_express" : card.brand,
    exp_month: details.expMonth ?? 12,
    exp_year: details.expYear ?? thisYear + 3,
    fingerprint: `fp${card.number.slice(-12)}`,
    funding: card.funding,
    generated_from: null,
    last4: card.number.slice(-4),
    networks: { available: [card.brand], preferred: null },
    regulated_status: "unregulated",
    three_d_secure_usage: { supported: true },
    wallet: null,
  }
}

export function createPaymentMethod(world: World, details: CardDetails): Stripe.PaymentMethod {
  const thisYear = new Date(world.clock.nowMs()).getUTCFullYear()
  const method: Stripe.PaymentMethod = {
    id: newId("pm"),
    object: "payment_method",
    allow_redisplay: "unspecified",
    billing_details: {
      address: { city: null, country: null, line1: null, line2: null, postal_code: null, state: null },
      email: details.email ?? null,
      name: details.name ?? null,
      phone: null,
      tax_id: null,
    },
    card: wireCard(details, thisYear),
    created: world.clock.now(),
    customer: null,
    customer_account: null,
    livemode: false,
    metadata: details.metadata ?? {},
    type: "card",
  }
  world.store.put("card", {
    id: method.id,
    number: details.card.number,
    authenticated: false,
    wantsAuthentication: false,
    spent: false,
  })
  return world.store.put("payment_method", method)
}

/** Each use of a published test id is a new payment method, as at Stripe. */
export function resolvePaymentMethod(world: World, id: string): Stripe.PaymentMethod {
  const method = world.store.get("payment_method", id)
  if (method) return method
  const card = id.startsWith("pm_card_") ? cardByTestId(id) : undefined
  if (card) return createPaymentMethod(world, { card })
  throw parameterMissingResource("PaymentMethod", id, "payment_method")
}

export function requirePaymentMethod(world: World, id: string): Stripe.PaymentMethod {
  const method = world.store.get("payment_method", id)
  if (method) return method
  const card = id.startsWith("pm_card_") ? cardByTestId(id) : undefined
  if (card) return createPaymentMethod(world, { card })
  throw resourceMissing("PaymentMethod", id, "payment_method")
}
