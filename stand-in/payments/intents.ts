import type Stripe from "stripe"
import type { z } from "zod"
import { requireCredentialUsage } from "../cards/card-options"
import { invalidRequest } from "../notation/errors"
import { mergeMetadata } from "../notation/params"
import { requireCustomerParam } from "../objects/customer"
import { newPaymentIntent } from "../objects/payment-intent"
import { resolvePaymentMethod } from "../objects/payment-method"
import { emit } from "../world/events"
import type { World } from "../world/world"
import { cardError } from "./declines"
import { carrying, notConfirmable, notUpdatable, withoutMethod } from "./intent-errors"
import { requireAllowed, requireUsable } from "./method-rules"
import type { confirmParams, createParams, updateParams } from "./payment-intent-params"
import { attemptPayment } from "./payments"

const MINIMUM_USD = 50
const MAXIMUM = 99_999_999

export function requireChargeable(amount: number, of: string): void {
  if (amount > MAXIMUM) {
    throw invalidRequest("Amount must be no more than $999,999.99", {
      code: "amount_too_large",
      param: "amount",
    })
  }
  if (amount < (of === "usd" ? MINIMUM_USD : 1)) {
    throw invalidRequest(`Amount must be at least $0.50 ${of}`, { code: "amount_too_small", param: "amount" })
  }
}

export function createIntent(world: World, params: z.infer<typeof createParams>): Stripe.PaymentIntent {
  requireChargeable(params.amount, params.currency)
  if (params.off_session !== undefined && !params.confirm) {
    throw invalidRequest("You can only set `off_session` when `confirm` is true.", { param: "off_session" })
  }
  if (params.error_on_requires_action !== undefined && !params.confirm) {
    throw invalidRequest("You can only set `error_on_requires_action` when `confirm` is true.", {
      param: "error_on_requires_action",
    })
  }
  if (params.customer) requireCustomerParam(world, params.customer)
  const { amount, currency: of, allowed_payment_method_types: types, customer, description } = params
  const method = params.payment_method ? resolvePaymentMethod(world, params.payment_method) : null
  const automatic = types
    ? null
    : { allow_redirects: "always" as const, enabled: true, ...params.automatic_payment_methods }
  const intent = newPaymentIntent(world, {
    amount,
    currency: of,
    allowed_payment_method_types: types ?? null,
    automatic_payment_methods: automatic,
    capture_method: params.capture_method ?? "automatic_async",
    customer: customer ?? null,
    description: description ?? null,
    metadata: mergeMetadata({}, params.metadata),
    payment_method: method?.id ?? null,
    receipt_email: params.receipt_email ?? null,
    setup_future_usage: params.setup_future_usage ?? null,
    statement_descriptor_suffix: params.statement_descriptor_suffix ?? null,
    status: method ? "requires_confirmation" : "requires_payment_method",
  })
  setCardOptions(intent, params)
  // A call that was wrong from the start leaves nothing behind.
  if (method) {
    requireUsable(world, intent, method)
    requireAllowed(intent, method)
  }
  if (params.confirm) requireConfirmation(intent, params)
  world.store.put("payment_intent", intent)
  world.store.put("intent_plan", { id: intent.id, session: null, returnUrl: null, offSession: false })
  emit(world, "payment_intent.created", intent)
  return params.confirm ? confirmIntent(world, intent, { ...params, payment_method: method?.id }) : intent
}

function setCardOptions(
  intent: Stripe.PaymentIntent,
  {
    payment_method_options: given,
    setup_future_usage: usage,
  }: Pick<z.infer<typeof updateParams>, "payment_method_options" | "setup_future_usage">,
): void {
  const futureUsage = (usage ?? intent.setup_future_usage) || null
  const before = intent.payment_method_options?.card
  requireCredentialUsage(futureUsage, { ...before, ...given?.card })
  if (before) intent.payment_method_options = { card: { ...before, ...given?.card } }
}

type Confirmation = z.infer<typeof confirmParams>

/** A customer who isn't present can't be sent anywhere, so `off_session` needs no way back (changelog of 2023-08-16). */
export function requireReturnUrl(
  intent: Pick<Stripe.PaymentIntent | Stripe.SetupIntent, "object" | "automatic_payment_methods">,
  { return_url: returnUrl, off_session: offSession, use_stripe_sdk: bySdk }: Confirmation,
): void {
  const automatic = intent.automatic_payment_methods
  if (returnUrl || offSession || bySdk || !automatic?.enabled || automatic.allow_redirects === "never") return
  throw invalidRequest(
    `This ${intent.object === "setup_intent" ? "SetupIntent" : "PaymentIntent"} is configured to accept payment methods enabled in your Dashboard. Because some of these payment methods might redirect your customer off of your page, you must provide a \`return_url\`. If you don't want to accept redirect-based payment methods, set \`automatic_payment_methods[enabled]\` to \`true\` and \`automatic_payment_methods[allow_redirects]\` to \`never\` when creating Setup Intents and Payment Intents.`,
  )
}

function requireConfirmation(intent: Stripe.PaymentIntent, params: Confirmation): void {
  if (params.error_on_requires_action && intent.automatic_payment_methods?.enabled) {
    throw invalidRequest(
      "You cannot use `error_on_requires_action` with a PaymentIntent that has `automatic_payment_methods` enabled.",
      { param: "error_on_requires_action" },
    )
  }
  requireReturnUrl(intent, params)
}

const CONFIRMABLE = ["requires_payment_method", "requires_confirmation", "requires_action"]

export function confirmIntent(
  world: World,
  intent: Stripe.PaymentIntent,
  params: Confirmation,
): Stripe.PaymentIntent {
  return carrying(intent, () => confirm(world, intent, params))
}

function confirm(world: World, intent: Stripe.PaymentIntent, params: Confirmation): Stripe.PaymentIntent {
  if (!CONFIRMABLE.includes(intent.status)) throw notConfirmable(intent)
  requireConfirmation(intent, params)
  const own = typeof intent.payment_method === "string" ? intent.payment_method : null
  const methodId = params.payment_method ?? own
  if (!methodId) throw withoutMethod(intent)
  const method = resolvePaymentMethod(world, methodId)
  requireUsable(world, intent, method)
  requireAllowed(intent, method)
  setCardOptions(intent, params)
  world.store.change("payment_intent", intent, {
    setup_future_usage: params.setup_future_usage ?? intent.setup_future_usage,
    receipt_email: params.receipt_email ?? intent.receipt_email,
  })
  const outcome = attemptPayment(world, {
    intent,
    method,
    offSession: Boolean(params.off_session || params.error_on_requires_action),
    authenticated: false,
    returnUrl: params.use_stripe_sdk ? null : (params.return_url ?? null),
  })
  if (outcome.kind === "declined") throw cardError(intent, outcome.decline)
  return intent
}

export function updateIntent(
  world: World,
  intent: Stripe.PaymentIntent,
  params: z.infer<typeof updateParams>,
): Stripe.PaymentIntent {
  return carrying(intent, () => update(world, intent, params))
}

function update(
  world: World,
  intent: Stripe.PaymentIntent,
  params: z.infer<typeof updateParams>,
): Stripe.PaymentIntent {
  const moved = (["amount", "currency", "payment_method"] as const).find((name) => params[name] !== undefined)
  if (moved && !CONFIRMABLE.includes(intent.status)) throw notUpdatable(intent, moved)
  if (params.amount !== undefined) requireChargeable(params.amount, params.currency ?? intent.currency)
  if (params.customer) requireCustomerParam(world, params.customer)
  const method = params.payment_method ? resolvePaymentMethod(world, params.payment_method) : null
  const customer = params.customer ?? intent.customer
  if (method) requireUsable(world, { object: "payment_intent", customer }, method)
  setCardOptions(intent, params)
  return world.store.change("payment_intent", intent, {
    amount: params.amount ?? intent.amount,
    currency: params.currency ?? intent.currency,
    customer,
    description: params.description === undefined ? intent.description : params.description || null,
    metadata: mergeMetadata(intent.metadata, params.metadata),
    payment_method: method?.id ?? intent.payment_method,
    receipt_email: params.receipt_email === undefined ? intent.receipt_email : params.receipt_email || null,
    setup_future_usage:
      params.setup_future_usage === undefined ? intent.setup_future_usage : params.setup_future_usage || null,
    status: method ? "requires_confirmation" : intent.status,
  })
}
