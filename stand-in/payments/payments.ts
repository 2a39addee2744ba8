import type Stripe from "stripe"
import { cardByNumber, type Decline, declineFor } from "../cards/cards"
import { scheduleAftermath } from "../money-back/aftermath"
import { recordBalance } from "../objects/balance-transaction"
import { newCharge } from "../objects/charge"
import { isBankDebit } from "../objects/other-methods"
import { emit } from "../world/events"
import type { CardRecord } from "../world/tables"
import type { World } from "../world/world"
import { failIntent } from "./declines"
import { requireUsable } from "./method-rules"
import { attachPaymentMethod, isExpired, requireCard } from "./payment-methods"

export interface Attempt {
  intent: Stripe.PaymentIntent
  method: Stripe.PaymentMethod
  offSession: boolean
  /** The cardholder has just proved who they are. */
  authenticated: boolean
  returnUrl: string | null
}

export type AttemptOutcome =
  | { kind: "succeeded" }
  | { kind: "processing" }
  | { kind: "requires_action" }
  | { kind: "declined"; decline: Decline }

function wantsAuthentication(world: World, attempt: Attempt, card: CardRecord): boolean {
  if (attempt.authenticated) return false
  if (world.steering.take("authenticate", attempt.intent)) return true
  const kind = cardByNumber(card.number)?.authentication
  return kind === "always" || (kind === "until_saved" && !card.authenticated) || card.wantsAuthentication
}

function declineOf(world: World, attempt: Attempt, card: CardRecord): Decline | null {
  const steered = world.steering.take("decline", attempt.intent)
  if (steered) return declineFor(steered.code)
  if (isExpired(world, attempt.method)) return declineFor("expired_card")
  if (wantsAuthentication(world, attempt, card)) return declineFor("authentication_required")
  return cardByNumber(card.number)?.decline ?? null
}

/** Makes one try to pay, whoever started it: the API, the checkout page or a test. Never throws for a refused card. */
export function attemptPayment(world: World, attempt: Attempt): AttemptOutcome {
  const { intent, method } = attempt
  const card = requireCard(world, method)
  requireUsable(world, intent, method)
  world.store.change("payment_intent", intent, {
    payment_method: method.id,
    last_payment_error: null,
    next_action: null,
  })
  const decline = declineOf(world, attempt, card)
  if (decline?.code === "authentication_required" && !attempt.offSession)
    return askForAuthentication(world, attempt)
  if (decline) return refuse(world, attempt, decline)
  world.store.change("card", card, {
    authenticated: card.authenticated || attempt.authenticated,
    wantsAuthentication: card.wantsAuthentication && !attempt.authenticated,
  })
  if (world.steering.take("processing", intent) || isBankDebit(method)) return startProcessing(world, attempt)
  return capture(world, attempt)
}

function askForAuthentication(world: World, attempt: Attempt): AttemptOutcome {
  const { intent, returnUrl } = attempt
  const url = `${world.baseUrl}/three-d-secure/${intent.client_secret}`
  world.store.change("payment_intent", intent, {
    status: "requires_action",
    next_action: returnUrl
      ? { type: "redirect_to_url", redirect_to_url: { return_url: returnUrl, url } }
      : { type: "use_stripe_sdk", use_stripe_sdk: { type: "three_d_secure_redirect", stripe_js: url } },
  })
  emit(world, "payment_intent.requires_action", intent)
  return { kind: "requires_action" }
}

function refuse(world: World, attempt: Attempt, decline: Decline): AttemptOutcome {
  const { intent, method } = attempt
  const charge = world.store.put(
    "charge",
    newCharge(world, {
      intent,
      method,
      status: "failed",
      amount: intent.amount,
      currency: intent.currency,
      decline,
      authenticated: false,
      offSession: attempt.offSession,
    }),
  )
  failIntent(world, intent, method, decline, charge.id)
  emit(world, "charge.failed", charge)
  emit(world, "payment_intent.payment_failed", intent)
  return { kind: "declined", decline }
}

function startProcessing(world: World, attempt: Attempt): AttemptOutcome {
  const { intent, method } = attempt
  const { amount, currency } = intent
  const charge = newCharge(world, { ...attempt, status: "pending", amount, currency })
  world.store.put("charge", charge)
  world.store.change("payment_intent", intent, {
    status: "processing",
    latest_charge: charge.id,
    processing: method.type === "card" ? { type: "card" } : null,
  })
  saveForLater(world, intent, method)
  emit(world, "charge.pending", charge)
  emit(world, "payment_intent.processing", intent)
  return { kind: "processing" }
}

function capture(world: World, attempt: Attempt): AttemptOutcome {
  const { intent, method } = attempt
  const steered = world.steering.take("capture_as", intent)
  const amount = steered?.amount ?? intent.amount
  const currency = steered?.currency ?? intent.currency
  const charge = newCharge(world, { ...attempt, status: "succeeded", amount, currency })
  world.store.put("charge", charge)
  finish(world, intent, method, charge)
  return { kind: "succeeded" }
}

/** Once the payment is through, or a bank debit is on its way. */
function saveForLater(world: World, intent: Stripe.PaymentIntent, method: Stripe.PaymentMethod): void {
  const customer = typeof intent.customer === "string" ? intent.customer : null
  if (intent.setup_future_usage && customer && !method.customer) attachPaymentMethod(world, method, customer)
}

function settleBalance(world: World, charge: Stripe.Charge): void {
  world.store.change("charge", charge, { balance_transaction: recordBalance(world, "charge", charge).id })
}

/** With asynchronous capture, Stripe's default, the balance transaction comes after the payment's announcement. */
export function finish(
  world: World,
  intent: Stripe.PaymentIntent,
  method: Stripe.PaymentMethod,
  charge: Stripe.Charge,
): void {
  if (intent.capture_method === "automatic") settleBalance(world, charge)
  world.store.put("charge", charge)
  world.store.change("payment_intent", intent, {
    status: "succeeded",
    currency: charge.currency,
    amount_received: charge.amount,
    latest_charge: charge.id,
    processing: null,
  })
  saveForLater(world, intent, method)
  if (!method.customer) world.store.change("card", requireCard(world, method), { spent: true })
  emit(world, "charge.succeeded", charge)
  emit(world, "payment_intent.succeeded", intent)
  if (intent.capture_method !== "automatic") {
    settleBalance(world, charge)
    emit(world, "charge.updated", charge, { balance_transaction: null })
  }
  scheduleAftermath(world, charge)
}
