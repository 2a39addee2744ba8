import { invoiceOfIntent } from "../objects/invoice-payment"
import { hasEnded } from "../objects/subscription"
import type { WireInvoice } from "../world/billing-tables"
import { emit } from "../world/events"
import type { WireEvent } from "../world/tables"
import type { World } from "../world/world"
import { collectFromDefault } from "./collect"
import { endSubscription } from "./end-subscription"
import { markPaid } from "./invoices"
import { changeSubscription } from "./lifecycle"
import { markPastDue, recordFailure, recoverSubscription, subscriptionOf } from "./outcomes"

/**
 * Applies what a payment, a card or a customer means for invoices and subscriptions, whoever caused it: API, page or
 * test.
 */
export function hearEvent(world: World, event: WireEvent): void {
  const id = String(Reflect.get(event.data.object, "id"))
  switch (event.type) {
    case "payment_intent.succeeded":
    case "payment_intent.payment_failed":
    case "payment_intent.requires_action": {
      const invoice = invoiceOfIntent(world, id)
      const isPaidAfterAll = invoice?.status === "uncollectible" && event.type === "payment_intent.succeeded"
      if (invoice && (invoice.status === "open" || isPaidAfterAll)) hearPayment(world, invoice, event.type)
      break
    }
    case "payment_method.detached":
      forgetCard(world, id, String(Reflect.get(event.data.previous_attributes ?? {}, "customer")))
      break
    case "customer.updated":
      if (event.data.previous_attributes && "invoice_settings" in event.data.previous_attributes)
        retryAfterNewDefault(world, id)
      break
    case "customer.deleted":
      for (const subscription of world.store.where("subscription", "customer", id))
        endSubscription(world, subscription, "cancellation_requested")
  }
}

function hearPayment(world: World, invoice: WireInvoice, type: string): void {
  if (type === "payment_intent.succeeded") {
    markPaid(world, invoice)
    recoverSubscription(world, invoice)
  } else if (type === "payment_intent.payment_failed") recordFailure(world, invoice)
  else {
    emit(world, "invoice.payment_action_required", invoice)
    const subscription = subscriptionOf(world, invoice)
    if (subscription) markPastDue(world, subscription)
  }
}

function forgetCard(world: World, method: string, customer: string): void {
  for (const subscription of world.store.where("subscription", "customer", customer)) {
    if (subscription.default_payment_method === method && !hasEnded(subscription))
      changeSubscription(world, subscription, { default_payment_method: null })
  }
}

/** A new default card is tried at once for everything unpaid. The planned tries continue as well. */
export function retryAfterNewDefault(world: World, customer: string): void {
  if (!world.store.get("customer", customer)?.invoice_settings.default_payment_method) return
  for (const subscription of world.store.where("subscription", "customer", customer)) {
    if (!subscription.default_payment_method) retryOwed(world, subscription.id)
  }
}

export function retryOwed(world: World, id: string): void {
  const subscription = world.store.get("subscription", id)
  if (!subscription || !["past_due", "unpaid"].includes(subscription.status)) return
  for (const invoice of world.store.where("invoice", "subscription", id)) {
    if (invoice.status === "open") collectFromDefault(world, invoice, subscription)
  }
}
