import type Stripe from "stripe"
import { cardByNumber, type Decline, declineFor } from "../cards/cards"
import { invalidRequest } from "../notation/errors"
import { recordSetupAttempt } from "../objects/setup-attempt"
import { emit } from "../world/events"
import type { CardRecord } from "../world/tables"
import type { World } from "../world/world"
import { setupError } from "./declines"
import { requireUsable } from "./method-rules"
import { attachPaymentMethod, attachRefusal, isExpired, requireCard } from "./payment-methods"
import type { AttemptOutcome } from "./payments"

export interface SetupTry {
  intent: Stripe.SetupIntent
  method: Stripe.PaymentMethod
  /** The cardholder has just proved who they are. */
  authenticated: boolean
  returnUrl: string | null
}

export const SETUP_AUTHENTICATION_FAILED: Decline = {
  code: "setup_intent_authentication_failure",
  declineCode: "authentication_required",
  message:
    "We are unable to authenticate your payment method. Please choose a different payment method and try again.",
}

function wantsAuthentication(world: World, attempt: SetupTry, card: CardRecord): boolean {
  if (attempt.authenticated) return false
  if (world.steering.take("authenticate", attempt.intent)) return true
  const kind = cardByNumber(card.number)?.authentication
  return kind === "always" || (kind === "until_saved" && !card.authenticated) || card.wantsAuthentication
}

function declineOf(world: World, { intent, method }: SetupTry): Decline | null {
  const steered = world.steering.take("decline", intent)
  if (steered) return declineFor(steered.code)
  if (isExpired(world, method)) return declineFor("expired_card")
  return attachRefusal(world, method)
}

/** Makes one try to save a card, whoever started it. Never throws for a refused card. */
export function attemptSetup(world: World, attempt: SetupTry): AttemptOutcome {
  const { intent, method } = attempt
  const card = requireCard(world, method)
  requireUsable(world, intent, method)
  world.store.change("setup_intent", intent, {
    payment_method: method.id,
    last_setup_error: null,
    next_action: null,
  })
  const decline = declineOf(world, attempt)
  if (decline) return refuse(world, attempt, decline)
  if (wantsAuthentication(world, attempt, card)) return askForAuthentication(world, attempt)
  return save(world, attempt, card)
}

function askForAuthentication(world: World, attempt: SetupTry): AttemptOutcome {
  const { intent, returnUrl } = attempt
  const url = `${world.baseUrl}/three-d-secure/${intent.client_secret}`
  world.store.change("setup_intent", intent, {
    status: "requires_action",
    next_action: returnUrl
      ? { type: "redirect_to_url", redirect_to_url: { return_url: returnUrl, url } }
      : { type: "use_stripe_sdk", use_stripe_sdk: { type: "three_d_secure_redirect", stripe_js: url } },
  })
  recordSetupAttempt(world, { ...attempt, status: "requires_action" })
  emit(world, "setup_intent.requires_action", intent)
  return { kind: "requires_action" }
}

function refuse(world: World, attempt: SetupTry, decline: Decline): AttemptOutcome {
  const { intent, method } = attempt
  world.store.change("setup_intent", intent, {
    status: "requires_payment_method",
    payment_method: null,
    next_action: null,
    last_setup_error: setupError(method, decline),
  })
  recordSetupAttempt(world, { ...attempt, status: "failed" })
  emit(world, "setup_intent.setup_failed", intent)
  return { kind: "declined", decline }
}

function save(world: World, attempt: SetupTry, card: CardRecord): AttemptOutcome {
  const { intent, method, authenticated } = attempt
  world.store.change("card", card, {
    authenticated: card.authenticated || authenticated,
    wantsAuthentication: card.wantsAuthentication && !authenticated,
  })
  world.store.change("setup_intent", intent, { status: "succeeded" })
  recordSetupAttempt(world, { ...attempt, status: "succeeded" })
  if (typeof intent.customer === "string" && !method.customer) {
    attachPaymentMethod(world, method, intent.customer)
  }
  emit(world, "setup_intent.succeeded", intent)
  return { kind: "succeeded" }
}

/** Applies the cardholder's answer on the bank's page. */
export function finishSetupAuthentication(
  world: World,
  intent: Stripe.SetupIntent,
  success: boolean,
): AttemptOutcome {
  const method = world.store.get("payment_method", String(intent.payment_method))
  if (intent.status !== "requires_action" || !method) {
    throw invalidRequest("This setup is no longer waiting for authentication.")
  }
  const attempt = { intent, method, authenticated: success, returnUrl: null }
  return success ? attemptSetup(world, attempt) : refuse(world, attempt, SETUP_AUTHENTICATION_FAILED)
}
