import type Stripe from "stripe"
import { z } from "zod"
import { cardByNumber } from "../cards/cards"
import { invalidRequest, StripeApiError } from "../notation/errors"
import { createPaymentMethod, requirePaymentMethod } from "../objects/payment-method"
import type { World } from "../world/world"
import { confirmIntent } from "./intents"
import { confirmSetupIntent } from "./setup-intents"

export type AnyIntent = Stripe.PaymentIntent | Stripe.SetupIntent

const cardSchema = z.strictObject({ number: z.string(), expMonth: z.number(), expYear: z.number() })
const methodDataSchema = z.strictObject({
  billing_details: z.strictObject({ name: z.string().nullish(), email: z.string().nullish() }).optional(),
  allow_redisplay: z.enum(["always", "limited", "unspecified"]).optional(),
})

export const newMethodSchema = z.strictObject({ card: cardSchema, params: methodDataSchema })

export const browserConfirmSchema = z.strictObject({
  card: cardSchema.optional(),
  params: z.strictObject({
    payment_method: z.string().optional(),
    payment_method_data: methodDataSchema.optional(),
    return_url: z.url().optional(),
    receipt_email: z.string().optional(),
    setup_future_usage: z.enum(["off_session", "on_session"]).optional(),
    expand: z.array(z.enum(["payment_method"])).optional(),
  }),
})

/** Returns what a client secret alone lets a browser know and do. */
export function intentBySecret(world: World, secret: string): AnyIntent | null {
  const id = secret.split("_secret_")[0] ?? ""
  const intent = world.store.get("payment_intent", id) ?? world.store.get("setup_intent", id)
  return intent?.client_secret === secret ? intent : null
}

export function cardFromBrowser(world: World, of: z.infer<typeof newMethodSchema>): Stripe.PaymentMethod {
  const card = cardByNumber(of.card.number)
  if (!card) {
    throw new StripeApiError(402, {
      type: "card_error",
      code: "card_declined",
      decline_code: "test_mode_live_card",
      message: "Your card was declined. Only Stripe's test cards work here.",
    })
  }
  const { billing_details: billing, allow_redisplay } = of.params
  const method = createPaymentMethod(world, {
    card,
    expMonth: of.card.expMonth,
    expYear: of.card.expYear,
    name: billing?.name,
    email: billing?.email,
  })
  return world.store.change("payment_method", method, { allow_redisplay: allow_redisplay ?? "unspecified" })
}

/** The customer is present, so a bank that wants authentication gets it. */
export function confirmInBrowser(
  world: World,
  intent: AnyIntent,
  { card, params }: z.infer<typeof browserConfirmSchema>,
): AnyIntent {
  const { payment_method_data = {}, expand: _expand, ...rest } = params
  if (card && rest.payment_method) {
    throw invalidRequest("Pass either a mounted Payment Element or `payment_method`, not both.")
  }
  const own = typeof intent.payment_method === "string" ? intent.payment_method : undefined
  const method = card
    ? cardFromBrowser(world, { card, params: payment_method_data })
    : requirePaymentMethod(world, rest.payment_method ?? own ?? "none")
  const confirmation = { ...rest, payment_method: method.id, use_stripe_sdk: true }
  if (intent.object === "payment_intent") return confirmIntent(world, intent, confirmation)
  const { receipt_email: _email, setup_future_usage: _usage, ...setup } = confirmation
  return confirmSetupIntent(world, intent, setup)
}

const PUBLIC_FIELDS = [
  "id",
  "object",
  "amount",
  "automatic_payment_methods",
  "canceled_at",
  "cancellation_reason",
  "capture_method",
  "client_secret",
  "confirmation_method",
  "created",
  "currency",
  "description",
  "last_payment_error",
  "last_setup_error",
  "livemode",
  "next_action",
  "payment_method",
  "payment_method_types",
  "receipt_email",
  "setup_future_usage",
  "shipping",
  "status",
  "usage",
]

/** Removes metadata, customer and charge, which are nobody's business in a browser. */
export function publicIntent(world: World, intent: AnyIntent, expand: string[] = []): object {
  const shown = Object.entries(structuredClone(intent)).filter(([field]) => PUBLIC_FIELDS.includes(field))
  const method = world.store.get("payment_method", String(intent.payment_method))
  return {
    ...Object.fromEntries(shown),
    ...(expand.includes("payment_method") ? { payment_method: method } : {}),
  }
}

/** Returns a refusal as Stripe.js shows it. */
export function publicError(world: World, error: StripeApiError): object {
  const { payment_intent, setup_intent, ...body } = error.body
  return {
    ...body,
    ...(payment_intent ? { payment_intent: publicIntent(world, payment_intent as AnyIntent) } : {}),
    ...(setup_intent ? { setup_intent: publicIntent(world, setup_intent as AnyIntent) } : {}),
  }
}
