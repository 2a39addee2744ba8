import type Stripe from "stripe"
import { newId } from "../notation/ids"
import type { World } from "../world/world"
import { otherSetupDetails } from "./other-methods"

interface NewSetupAttempt {
  intent: Stripe.SetupIntent
  method: Stripe.PaymentMethod
  authenticated: boolean
  status: "failed" | "requires_action" | "succeeded"
}

function cardDetails({ method, authenticated }: NewSetupAttempt): Stripe.SetupAttempt.PaymentMethodDetails {
  const other = otherSetupDetails(method)
  if (other) return other
  const { card } = method
  if (!card) throw new Error("The stand-in only sets up cards")
  return {
    card: {
      brand: card.brand,
      checks: card.checks,
      country: card.country,
      exp_month: card.exp_month,
      exp_year: card.exp_year,
      fingerprint: card.fingerprint ?? null,
      funding: card.funding,
      last4: card.last4,
      network: card.brand,
      three_d_secure: authenticated
        ? {
            authentication_flow: "challenge",
            electronic_commerce_indicator: "05",
            result: "authenticated",
            result_reason: null,
            transaction_id: "5be8b7ef-6f1b-4a28-9a3b-0d4b5f4d8f11",
            version: "2.2.0",
          }
        : null,
      wallet: null,
    },
    type: "card",
  }
}

export function recordSetupAttempt(world: World, of: NewSetupAttempt): Stripe.SetupAttempt {
  const attempt = world.store.put("setup_attempt", {
    id: newId("setatt"),
    object: "setup_attempt",
    application: null,
    created: world.clock.now(),
    customer: of.intent.customer,
    customer_account: null,
    flow_directions: null,
    livemode: false,
    on_behalf_of: null,
    payment_method: of.method.id,
    payment_method_details: cardDetails(of),
    setup_error: of.status === "failed" ? structuredClone(of.intent.last_setup_error) : null,
    setup_intent: of.intent.id,
    status: of.status,
    usage: of.intent.usage,
  })
  world.store.change("setup_intent", of.intent, { latest_attempt: attempt.id })
  return attempt
}
