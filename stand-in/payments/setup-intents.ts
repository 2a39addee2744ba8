import type Stripe from "stripe"
import type { z } from "zod"
import { invalidRequest } from "../notation/errors"
import { mergeMetadata } from "../notation/params"
import { sessionOfSetup } from "../objects/checkout-session"
import { requireCustomerParam } from "../objects/customer"
import { resolvePaymentMethod } from "../objects/payment-method"
import { newSetupIntent } from "../objects/setup-intent"
import { emit } from "../world/events"
import type { World } from "../world/world"
import { setupCardError } from "./declines"
import { carrying, setupNot, setupNotConfirmable, setupWithoutMethod } from "./intent-errors"
import { requireReturnUrl } from "./intents"
import { requireUsable } from "./method-rules"
import { attemptSetup } from "./setup-attempts"
import type { confirmParams, createParams, updateParams } from "./setup-intent-params"

type SetupIntent = Stripe.SetupIntent

const CONFIRMABLE = ["requires_payment_method", "requires_confirmation", "requires_action"]

/** The page of a session has its SetupIntent to itself. */
export function requireNoSession(world: World, intent: SetupIntent, verb: string): void {
  if (!sessionOfSetup(world, intent)) return
  throw invalidRequest(
    `You cannot ${verb} this SetupIntent because it was created by a Checkout Session. Expire the session instead.`,
  )
}

function setCardOptions(
  intent: SetupIntent,
  given: z.infer<typeof updateParams>["payment_method_options"],
): void {
  const { card } = intent.payment_method_options ?? {}
  if (card) intent.payment_method_options = { card: { ...card, ...given?.card } }
}

export function createSetupIntent(world: World, params: z.infer<typeof createParams>): SetupIntent {
  if (params.return_url && !params.confirm) {
    throw invalidRequest("You can only set `return_url` when `confirm` is true.", { param: "return_url" })
  }
  if (params.customer) requireCustomerParam(world, params.customer)
  const method = params.payment_method ? resolvePaymentMethod(world, params.payment_method) : null
  const types = params.allowed_payment_method_types
  const intent = newSetupIntent(world, {
    allowed_payment_method_types: types ?? null,
    automatic_payment_methods: types
      ? null
      : { allow_redirects: "always", enabled: true, ...params.automatic_payment_methods },
    customer: params.customer ?? null,
    description: params.description ?? null,
    metadata: mergeMetadata({}, params.metadata),
    payment_method: method?.id ?? null,
    status: method ? "requires_confirmation" : "requires_payment_method",
    usage: params.usage ?? "off_session",
  })
  setCardOptions(intent, params.payment_method_options)
  if (method) requireUsable(world, intent, method)
  if (params.confirm) requireReturnUrl(intent, params)
  world.store.put("setup_intent", intent)
  emit(world, "setup_intent.created", intent)
  if (!params.confirm) return intent
  return confirmSetupIntent(world, intent, { ...params, payment_method: method?.id })
}

export function confirmSetupIntent(
  world: World,
  intent: SetupIntent,
  params: z.infer<typeof confirmParams>,
): SetupIntent {
  return carrying(intent, () => confirm(world, intent, params))
}

function confirm(world: World, intent: SetupIntent, params: z.infer<typeof confirmParams>): SetupIntent {
  requireNoSession(world, intent, "confirm")
  const own = typeof intent.payment_method === "string" ? intent.payment_method : null
  const methodId = params.payment_method ?? own
  // Stripe looks for the method first, whatever the status is.
  if (!methodId) throw setupWithoutMethod()
  if (!CONFIRMABLE.includes(intent.status)) throw setupNotConfirmable(intent)
  requireReturnUrl(intent, params)
  const method = resolvePaymentMethod(world, methodId)
  requireUsable(world, intent, method)
  setCardOptions(intent, params.payment_method_options)
  const returnUrl = params.use_stripe_sdk ? null : (params.return_url ?? null)
  const outcome = attemptSetup(world, { intent, method, authenticated: false, returnUrl })
  if (outcome.kind === "declined") throw setupCardError(intent, outcome.decline)
  return intent
}

function requireChangeable(world: World, intent: SetupIntent, params: z.infer<typeof updateParams>): void {
  const taken = (["customer", "payment_method"] as const).filter((name) => params[name])
  if (taken.length === 0 || !sessionOfSetup(world, intent)) return
  throw invalidRequest(
    `Some of the parameters you provided (${taken.join(", ")}) cannot be used when modifying a SetupIntent that was created by Checkout. You can try again without those parameters.`,
    { param: taken[0] },
  )
}

export function updateSetupIntent(
  world: World,
  intent: SetupIntent,
  params: z.infer<typeof updateParams>,
): SetupIntent {
  return carrying(intent, () => update(world, intent, params))
}

function update(world: World, intent: SetupIntent, params: z.infer<typeof updateParams>): SetupIntent {
  requireChangeable(world, intent, params)
  if (["succeeded", "canceled"].includes(intent.status) && (params.payment_method || params.customer)) {
    throw setupNot("updated", intent)
  }
  if (params.customer) requireCustomerParam(world, params.customer)
  const method = params.payment_method ? resolvePaymentMethod(world, params.payment_method) : null
  const customer = params.customer ?? intent.customer
  if (method) requireUsable(world, { object: "setup_intent", customer }, method)
  setCardOptions(intent, params.payment_method_options)
  return world.store.change("setup_intent", intent, {
    customer,
    description: params.description === undefined ? intent.description : params.description || null,
    metadata: mergeMetadata(intent.metadata, params.metadata),
    payment_method: method?.id ?? intent.payment_method,
    status: method ? "requires_confirmation" : intent.status,
  })
}

function refuseCancel(intent: SetupIntent): never {
  throw setupNot("canceled", intent)
}

export function cancelSetupIntent(
  world: World,
  intent: SetupIntent,
  reason: SetupIntent["cancellation_reason"],
): SetupIntent {
  if (!CONFIRMABLE.includes(intent.status)) carrying(intent, refuseCancel)
  world.store.change("setup_intent", intent, {
    status: "canceled",
    cancellation_reason: reason,
    next_action: null,
  })
  emit(world, "setup_intent.canceled", intent)
  return intent
}
