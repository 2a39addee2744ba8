import type Stripe from "stripe"
import { invalidRequest, resourceMissing } from "../notation/errors"
import { newId, randomText } from "../notation/ids"
import type { CheckoutPlan } from "../world/tables"
import type { World } from "../world/world"

const DAY_S = 24 * 3600

/** The parts of a session that depend on its mode. */
export interface SessionTerms {
  fields: Partial<Stripe.Checkout.Session>
  plan: Pick<CheckoutPlan, "lineItems" | "blurb" | "paymentIntentData" | "subscriptionData">
}

export function newCheckoutSession(
  world: World,
  fields: Partial<Stripe.Checkout.Session>,
): Stripe.Checkout.Session {
  const id = newId("cs_test")
  const hosted = fields.ui_mode === "hosted_page"
  return {
    id,
    object: "checkout.session",
    adaptive_pricing: { enabled: false },
    after_expiration: null,
    allow_promotion_codes: null,
    allowed_payment_method_types: null,
    amount_subtotal: null,
    amount_total: null,
    automatic_tax: { enabled: false, liability: null, provider: null, status: null },
    billing_address_collection: null,
    cancel_url: null,
    client_reference_id: null,
    client_secret: hosted ? null : `${id}_secret_${randomText(40)}`,
    collected_information: null,
    consent: null,
    consent_collection: null,
    created: world.clock.now(),
    currency: null,
    currency_conversion: null,
    custom_fields: [],
    custom_text: {
      after_submit: null,
      shipping_address: null,
      submit: null,
      terms_of_service_acceptance: null,
    },
    customer: null,
    customer_account: null,
    customer_creation: null,
    customer_details: null,
    customer_email: null,
    discounts: [],
    expires_at: world.clock.now() + DAY_S,
    integration_identifier: null,
    invoice: null,
    invoice_creation: null,
    livemode: false,
    locale: null,
    managed_payments: null,
    metadata: {},
    mode: "payment",
    origin_context: null,
    payment_intent: null,
    payment_link: null,
    payment_method_collection: "if_required",
    payment_method_configuration_details: null,
    payment_method_options: { card: { request_three_d_secure: "automatic" } },
    payment_method_types: ["card"],
    payment_status: "unpaid",
    permissions: null,
    phone_number_collection: { enabled: false },
    recovered_from: null,
    saved_payment_method_options: null,
    setup_intent: null,
    shipping_address_collection: null,
    shipping_cost: null,
    shipping_options: [],
    status: "open",
    submit_type: null,
    subscription: null,
    success_url: null,
    total_details: { amount_discount: 0, amount_shipping: 0, amount_tax: 0 },
    ui_mode: "hosted_page",
    url: hosted ? `${world.baseUrl}/checkout/${id}` : null,
    wallet_options: null,
    ...fields,
  }
}

export function requireSession(world: World, id: string): Stripe.Checkout.Session {
  const session = world.store.get("checkout_session", id)
  if (!session) throw resourceMissing("checkout.session", id, "session")
  return session
}

export function sessionOfSetup(world: World, intent: Stripe.SetupIntent): Stripe.Checkout.Session | null {
  return world.store.where("checkout_session", "setup_intent", intent.id)[0] ?? null
}

export function requirePlan(world: World, session: Stripe.Checkout.Session): CheckoutPlan {
  const plan = world.store.get("checkout_plan", session.id)
  if (!plan) throw new Error(`Checkout session ${session.id} has no plan`)
  return plan
}

export function requireOpen(session: Stripe.Checkout.Session): void {
  if (session.status !== "open") {
    throw invalidRequest(`This Checkout Session is ${session.status}: it can no longer be paid.`)
  }
}
