import type Stripe from "stripe"
import { mergeMetadata } from "../notation/params"
import { requireOpen, type SessionTerms, sessionOfSetup } from "../objects/checkout-session"
import type { AttemptOutcome } from "../payments/payments"
import { attemptSetup, finishSetupAuthentication } from "../payments/setup-attempts"
import { cancelSetupIntent, createSetupIntent } from "../payments/setup-intents"
import { emit } from "../world/events"
import type { World } from "../world/world"
import { ensureCustomer, type Payer, rememberPayer } from "./payers"
import type { SessionParams } from "./session-params"

type Session = Stripe.Checkout.Session

/** A session that saves a card has its SetupIntent from the start, unlike one that takes a payment. */
export function setupTerms(world: World, params: SessionParams): SessionTerms {
  const data = params.setup_intent_data
  const intent = createSetupIntent(world, {
    allowed_payment_method_types: params.allowed_payment_method_types,
    customer: params.customer,
    description: data?.description,
    metadata: mergeMetadata({}, data?.metadata),
  })
  const amount = params.currency ? 0 : null
  return {
    fields: {
      adaptive_pricing: null,
      amount_subtotal: amount,
      amount_total: amount,
      currency: params.currency ?? null,
      discounts: null,
      payment_method_collection: "always",
      payment_status: "no_payment_required",
      setup_intent: intent.id,
      total_details: null,
    },
    plan: { lineItems: [], blurb: null, paymentIntentData: {}, subscriptionData: null },
  }
}

export function setupOfSession(world: World, session: Session): Stripe.SetupIntent | null {
  return world.store.get("setup_intent", String(session.setup_intent)) ?? null
}

/** Does what the Save button does. The session stays open unless the card was saved. */
export function saveInCheckout(
  world: World,
  session: Session,
  method: Stripe.PaymentMethod,
  payer: Payer,
): AttemptOutcome {
  requireOpen(session)
  const intent = setupOfSession(world, session)
  if (!intent) throw new Error(`Checkout session ${session.id} has no setup intent`)
  ensureCustomer(world, session, payer)
  rememberPayer(world, session, payer)
  world.store.change("setup_intent", intent, { customer: session.customer })
  // As with a payment's card: saved for the shop's own charges, without anybody asking to be offered it again.
  if (!method.customer) world.store.change("payment_method", method, { allow_redisplay: "limited" })
  const attempt = { intent, method, authenticated: false, returnUrl: null }
  return concludeSave(world, session, attemptSetup(world, attempt))
}

/** Applies the authentication page's answer, for a card of a session or for one of the API. */
export function concludeSetupAuthentication(
  world: World,
  intent: Stripe.SetupIntent,
  success: boolean,
): AttemptOutcome {
  const session = sessionOfSetup(world, intent)
  if (session) requireOpen(session)
  const outcome = finishSetupAuthentication(world, intent, success)
  return session ? concludeSave(world, session, outcome) : outcome
}

function concludeSave(world: World, session: Session, outcome: AttemptOutcome): AttemptOutcome {
  if (outcome.kind !== "succeeded") return outcome
  world.store.change("checkout_session", session, { status: "complete", url: null })
  emit(world, "checkout.session.completed", session)
  return outcome
}

export function abandonSetup(world: World, session: Session): void {
  const intent = setupOfSession(world, session)
  if (intent) cancelSetupIntent(world, intent, "abandoned")
}
