import type Stripe from "stripe"
import { draftInvoice, finalizeInvoice, linkPayment, markPaid } from "../billing/invoices"
import { newInvoiceLine } from "../billing/lines"
import type { DeclineCode } from "../cards/decline-codes"
import { invalidRequest } from "../notation/errors"
import { requireOpen, requirePlan } from "../objects/checkout-session"
import { newPaymentIntent } from "../objects/payment-intent"
import { cancelIntent } from "../payments/cancel-intent"
import { type AttemptOutcome, attemptPayment } from "../payments/payments"
import { finishAuthentication, settleProcessing } from "../payments/settlement"
import { emit } from "../world/events"
import type { World } from "../world/world"
import { abandonSetup, saveInCheckout } from "./checkout-setup"
import { subscribe } from "./checkout-subscription"
import { ensureCustomer, type Payer, rememberPayer } from "./payers"

type Session = Stripe.Checkout.Session

export function intentOfSession(world: World, session: Session): Stripe.PaymentIntent | null {
  return world.store.get("payment_intent", requirePlan(world, session).intent ?? "") ?? null
}

export function requireSessionIntent(world: World, session: Session): Stripe.PaymentIntent {
  const intent = intentOfSession(world, session)
  if (!intent) throw invalidRequest(`Nobody has tried to pay the Checkout Session ${session.id} yet.`)
  return intent
}

/** Checkout creates the PaymentIntent when the customer first submits, and keeps it through declined tries. */
function intentOf(world: World, session: Session): Stripe.PaymentIntent {
  const existing = intentOfSession(world, session)
  if (existing) return existing
  const plan = requirePlan(world, session)
  const { metadata, ...data } = plan.paymentIntentData
  const intent = newPaymentIntent(world, {
    amount: session.amount_total ?? 0,
    currency: session.currency ?? "usd",
    customer: session.customer,
    allowed_payment_method_types: session.allowed_payment_method_types,
    metadata: metadata ?? {},
    ...(session.presentment_details ? { presentment_details: session.presentment_details } : {}),
    ...data,
  })
  world.store.put("payment_intent", intent)
  world.store.put("intent_plan", { id: intent.id, session: session.id, returnUrl: null, offSession: false })
  world.store.change("checkout_plan", plan, { intent: intent.id })
  // A session for a subscription never shows its payment, which belongs to the invoice.
  if (!plan.subscriptionData) world.store.change("checkout_session", session, { payment_intent: intent.id })
  emit(world, "payment_intent.created", intent)
  return intent
}

/**
 * Does what the page's button does. The session stays open unless the payment went through, is on its way, or has a
 * card saved.
 */
export function payCheckout(
  world: World,
  session: Session,
  method: Stripe.PaymentMethod,
  payer: Payer,
): AttemptOutcome {
  if (session.mode === "setup") return saveInCheckout(world, session, method, payer)
  requireOpen(session)
  ensureCustomer(world, session, payer)
  rememberPayer(world, session, payer)
  const intent = intentOf(world, session)
  const usage = requirePlan(world, session).savesCard ? "off_session" : intent.setup_future_usage
  world.store.change("payment_intent", intent, { setup_future_usage: usage })
  // "limited": saved for the shop's own charges. Only a customer who ticked the box is offered the card again by
  // default.
  const allow_redisplay = requirePlan(world, session).savesCard ? "always" : "limited"
  if (usage && !method.customer) world.store.change("payment_method", method, { allow_redisplay })
  const attempt = { intent, method, offSession: false, authenticated: false, returnUrl: null }
  return concludeCheckout(world, session, attemptPayment(world, attempt))
}

export function concludeCheckout(world: World, session: Session, outcome: AttemptOutcome): AttemptOutcome {
  if (outcome.kind === "succeeded" || outcome.kind === "processing") {
    world.store.change("checkout_session", session, {
      status: "complete",
      payment_status: outcome.kind === "succeeded" ? "paid" : "unpaid",
      url: null,
    })
    if (outcome.kind === "succeeded") deliverPaid(world, session)
    emit(world, "checkout.session.completed", session)
  }
  return outcome
}

/** Delivers what a paid session gives: its subscription, or the invoice that it may ask for. */
function deliverPaid(world: World, session: Session): void {
  const plan = requirePlan(world, session)
  const intent = intentOfSession(world, session)
  if (intent && plan.subscriptionData) subscribe(world, session, plan, intent)
  else if (intent && session.invoice_creation?.enabled) makeInvoice(world, session, intent)
}

function makeInvoice(world: World, session: Session, intent: Stripe.PaymentIntent): void {
  const data = session.invoice_creation?.invoice_data
  const now = world.clock.now()
  const invoice = draftInvoice(world, {
    customer: world.store.get("customer", String(session.customer)) ?? null,
    currency: session.currency ?? "usd",
    lines: requirePlan(world, session).lineItems.map((item) =>
      newInvoiceLine({
        amount: item.amount_total,
        currency: item.currency,
        description: item.description,
        period: { start: now, end: now },
        quantity: item.quantity,
      }),
    ),
    fields: {
      customer_email: session.customer_details?.email ?? null,
      customer_name: session.customer_details?.name ?? null,
      description: data?.description ?? null,
      footer: data?.footer ?? null,
      metadata: data?.metadata ?? {},
    },
  })
  world.store.change("checkout_session", session, { invoice: invoice.id })
  finalizeInvoice(world, invoice)
  linkPayment(world, invoice, intent)
  markPaid(world, invoice)
}

export function sessionOfIntent(world: World, intent: Stripe.PaymentIntent): Session | null {
  const id = world.store.get("intent_plan", intent.id)?.session
  return (id && world.store.get("checkout_session", id)) || null
}

/** Applies the authentication page's answer, for a payment of a session or for one of the API. */
export function concludeAuthentication(
  world: World,
  intent: Stripe.PaymentIntent,
  success: boolean,
): AttemptOutcome {
  const session = sessionOfIntent(world, intent)
  if (session) requireOpen(session)
  const outcome = finishAuthentication(world, intent, success)
  return session ? concludeCheckout(world, session, outcome) : outcome
}

/** Ends a delayed payment. `declineCode` null means that the money has come. */
export function settleIntent(
  world: World,
  intent: Stripe.PaymentIntent,
  declineCode: DeclineCode | null,
): void {
  settleProcessing(world, intent, declineCode)
  const session = sessionOfIntent(world, intent)
  if (!session) return
  if (declineCode !== null) {
    emit(world, "checkout.session.async_payment_failed", session)
    return
  }
  world.store.change("checkout_session", session, { payment_status: "paid" })
  deliverPaid(world, session)
  emit(world, "checkout.session.async_payment_succeeded", session)
}

export function expireSession(world: World, session: Session): void {
  if (session.status !== "open") {
    throw invalidRequest(
      `Only Checkout Sessions with a status in ["open"] can be expired. This Checkout Session has a status of ${session.status}.`,
    )
  }
  world.store.change("checkout_session", session, { status: "expired", url: null })
  const intent = intentOfSession(world, session)
  if (intent) cancelIntent(world, intent, "expired")
  abandonSetup(world, session)
  emit(world, "checkout.session.expired", session)
}
