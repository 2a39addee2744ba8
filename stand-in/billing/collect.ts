import type Stripe from "stripe"
import { intentOfInvoice } from "../objects/invoice-payment"
import { newPaymentIntent } from "../objects/payment-intent"
import { type AttemptOutcome, attemptPayment } from "../payments/payments"
import type { WireInvoice, WireSubscription } from "../world/billing-tables"
import { emit } from "../world/events"
import type { World } from "../world/world"
import { linkPayment, markPaid } from "./invoices"
import { recordFailure, recoverSubscription } from "./outcomes"

/** Returns the subscription's own card, else the customer's default. A card that was detached meanwhile doesn't count. */
export function defaultMethodOf(
  world: World,
  customer: string,
  own: string | null,
): Stripe.PaymentMethod | null {
  const fallback = world.store.get("customer", customer)?.invoice_settings.default_payment_method
  const candidates = [own, fallback].map((id) => world.store.get("payment_method", String(id)))
  return candidates.find((method) => method?.customer === customer) ?? null
}

const DESCRIPTIONS: Record<string, string> = {
  subscription_create: "Subscription creation",
  subscription_cycle: "Subscription update",
  subscription_update: "Subscription update",
}

/**
 * Creates a PaymentIntent for an invoice's amount, or for an invoice that is written only if the payment goes
 * through.
 */
export function newInvoiceIntent(
  world: World,
  of: Pick<WireInvoice, "amount_due" | "currency" | "customer" | "billing_reason">,
): Stripe.PaymentIntent {
  const intent = newPaymentIntent(world, {
    amount: of.amount_due,
    currency: of.currency,
    customer: of.customer,
    description: DESCRIPTIONS[of.billing_reason ?? ""] ?? null,
    setup_future_usage: of.billing_reason === "subscription_create" ? "off_session" : null,
  })
  world.store.put("payment_intent", intent)
  world.store.put("intent_plan", { id: intent.id, session: null, returnUrl: null, offSession: false })
  emit(world, "payment_intent.created", intent)
  return intent
}

/** Returns the intent that pays an open invoice: kept through refused tries, created when first needed. */
export function requireInvoiceIntent(world: World, invoice: WireInvoice): Stripe.PaymentIntent {
  const existing = intentOfInvoice(world, invoice.id)
  if (existing && existing.status !== "canceled") return existing
  const intent = newInvoiceIntent(world, invoice)
  linkPayment(world, invoice, intent)
  return intent
}

export interface Collection {
  method: Stripe.PaymentMethod | null
  offSession: boolean
  /** Counts as one of Stripe's own tries, after which the next is planned. */
  automatic: boolean
  /** The bank's page sends the cardholder back here. */
  returnUrl?: string
}

export type CollectionOutcome = AttemptOutcome | { kind: "no_method" }

/** Charges what is due on an open invoice. The intent's events tell the invoice and its subscription how it went. */
export function collectInvoice(world: World, invoice: WireInvoice, how: Collection): CollectionOutcome {
  if (invoice.amount_due === 0) {
    markPaid(world, invoice)
    recoverSubscription(world, invoice)
    return { kind: "succeeded" }
  }
  world.store.change("invoice", invoice, {
    attempted: true,
    ...(how.automatic ? { attempt_count: invoice.attempt_count + 1, next_payment_attempt: null } : {}),
  })
  const intent = requireInvoiceIntent(world, invoice)
  if (!how.method) {
    recordFailure(world, invoice)
    return { kind: "no_method" }
  }
  const { method, offSession, returnUrl = null } = how
  return attemptPayment(world, { intent, method, offSession, authenticated: false, returnUrl })
}

export function collectFromDefault(world: World, invoice: WireInvoice, subscription: WireSubscription): void {
  const method = defaultMethodOf(world, subscription.customer, subscription.default_payment_method)
  collectInvoice(world, invoice, { method, offSession: true, automatic: true })
}
