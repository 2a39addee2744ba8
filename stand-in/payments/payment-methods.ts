import type Stripe from "stripe"
import { cardByNumber, type Decline } from "../cards/cards"
import { invalidRequest, StripeApiError } from "../notation/errors"
import { emit } from "../world/events"
import type { CardRecord } from "../world/tables"
import type { World } from "../world/world"

export function requireCard(world: World, method: Stripe.PaymentMethod): CardRecord {
  const card = world.store.get("card", method.id)
  if (!card) throw new Error(`Payment method ${method.id} has no card record`)
  return card
}

export function isExpired(world: World, method: Stripe.PaymentMethod): boolean {
  if (!method.card) return false
  const firstInvalidMs = Date.UTC(method.card.exp_year, method.card.exp_month, 1)
  return world.clock.nowMs() >= firstInvalidMs
}

/** A card that always declines can't be attached either, except the one published for exactly that. */
export function attachRefusal(world: World, method: Stripe.PaymentMethod): Decline | null {
  const card = cardByNumber(world.store.get("card", method.id)?.number ?? "")
  return card?.decline && !card.attaches ? card.decline : null
}

export function requireAttachable(world: World, method: Stripe.PaymentMethod): void {
  const decline = attachRefusal(world, method)
  if (decline) {
    throw new StripeApiError(402, {
      type: "card_error",
      code: decline.code,
      decline_code: decline.declineCode,
      message: decline.message,
    })
  }
  if (world.store.get("card", method.id)?.spent) {
    throw invalidRequest(
      "This PaymentMethod was previously used without being attached to a Customer or was detached from a Customer, and may not be used again.",
      { code: "payment_method_unexpected_state" },
    )
  }
}

export function attachPaymentMethod(world: World, method: Stripe.PaymentMethod, customer: string): void {
  world.store.change("payment_method", method, { customer })
  emit(world, "payment_method.attached", method)
}

export function detachPaymentMethod(world: World, method: Stripe.PaymentMethod): void {
  const customer = method.customer
  if (!customer) {
    throw invalidRequest(
      "The payment method you provided is not attached to a customer so detachment is impossible.",
    )
  }
  world.store.change("payment_method", method, { customer: null })
  const card = world.store.get("card", method.id)
  if (card) world.store.change("card", card, { spent: true })
  forgetDefault(world, String(customer), method.id)
  emit(world, "payment_method.detached", method, { customer })
}

function forgetDefault(world: World, id: string, method: string): void {
  const customer = world.store.get("customer", id)
  if (!customer || customer.invoice_settings.default_payment_method !== method) return
  const before = structuredClone(customer.invoice_settings)
  customer.invoice_settings.default_payment_method = null
  world.store.put("customer", customer)
  emit(world, "customer.updated", customer, { invoice_settings: before })
}

export interface CardDate {
  exp_month?: number
  exp_year?: number
}

/** Changes the date of the same card, and announces it. */
export function updateCard(
  world: World,
  method: Stripe.PaymentMethod,
  date: CardDate,
  type = "payment_method.updated",
): Stripe.PaymentMethod {
  const { card } = method
  if (!card) throw invalidRequest("This PaymentMethod is no card.")
  const before = { exp_month: card.exp_month, exp_year: card.exp_year }
  world.store.change("payment_method", method, { card: { ...card, ...date } })
  emit(world, type, method, { card: before })
  return method
}

/** Newest first, as Stripe lists them. */
export function cardsOf(world: World, customer: string): Stripe.PaymentMethod[] {
  return world.store.where("payment_method", "customer", customer).reverse()
}
