import type Stripe from "stripe"
import { resourceMissing } from "../notation/errors"
import { newId, randomText } from "../notation/ids"
import type { World } from "../world/world"

export function newSetupIntent(world: World, fields: Partial<Stripe.SetupIntent>): Stripe.SetupIntent {
  const id = newId("seti")
  return {
    id,
    object: "setup_intent",
    allowed_payment_method_types: null,
    application: null,
    automatic_payment_methods: null,
    cancellation_reason: null,
    client_secret: `${id}_secret_${randomText(29)}`,
    created: world.clock.now(),
    customer: null,
    customer_account: null,
    description: null,
    excluded_payment_method_types: null,
    flow_directions: null,
    last_setup_error: null,
    latest_attempt: null,
    livemode: false,
    managed_payments: null,
    mandate: null,
    metadata: {},
    next_action: null,
    on_behalf_of: null,
    payment_method: null,
    payment_method_configuration_details: null,
    payment_method_options: {
      card: { mandate_options: null, network: null, request_three_d_secure: "automatic" },
    },
    payment_method_types: ["card"],
    single_use_mandate: null,
    status: "requires_payment_method",
    usage: "off_session",
    ...fields,
  }
}

export function requireSetupIntent(world: World, id: string): Stripe.SetupIntent {
  const intent = world.store.get("setup_intent", id)
  if (!intent) throw resourceMissing("setupintent", id, "intent")
  return intent
}
