import type Stripe from "stripe"
import { invalidRequest } from "../notation/errors"
import type { World } from "../world/world"

/** The stand-in's rates for a dollar. */
const RATES = { eur: 0.92, gbp: 0.79 }

export const PRESENTMENT_CURRENCIES = Object.keys(RATES) as [keyof typeof RATES, ...(keyof typeof RATES)[]]

/** The buyer chooses another currency, which Stripe converts. Amounts and currency of all objects stay the shop's own. */
export function presentIn(
  world: World,
  session: Stripe.Checkout.Session,
  currency: keyof typeof RATES,
): Stripe.Checkout.Session {
  if (!session.adaptive_pricing?.enabled)
    throw invalidRequest(`The Checkout Session ${session.id} is without adaptive pricing.`)
  const presentment_amount = Math.round((session.amount_total ?? 0) * RATES[currency])
  return world.store.change("checkout_session", session, {
    presentment_details: { presentment_amount, presentment_currency: currency },
  })
}
