import type Stripe from "stripe"
import { z } from "zod"
import { createdWithin, paginate, paginateTable } from "../api/paging"
import { type Route, route } from "../api/route"
import { invalidRequest } from "../notation/errors"
import { created, expand, paging, text } from "../notation/params"
import { requireKnownCustomer } from "../objects/customer"
import { requireIntent } from "../objects/payment-intent"
import { cancelIntent } from "../payments/cancel-intent"
import { carrying, notCancelable } from "../payments/intent-errors"
import { confirmIntent, createIntent, updateIntent } from "../payments/intents"
import { confirmParams, createParams, updateParams } from "../payments/payment-intent-params"
import type { World } from "../world/world"

const one = "/v1/payment_intents/:id"
const reason = z.enum(["abandoned", "duplicate", "fraudulent", "requested_by_customer"])

function requireCancelable(world: World, intent: Stripe.PaymentIntent): void {
  if (["succeeded", "canceled", "processing"].includes(intent.status)) throw notCancelable(intent)
  if (!world.store.get("intent_plan", intent.id)?.session) return
  throw invalidRequest(
    "You cannot cancel this PaymentIntent because it was created by a Checkout Session. Expire the session instead.",
  )
}

export const paymentIntentRoutes: Route[] = [
  route({
    method: "POST",
    path: "/v1/payment_intents",
    request: "PaymentIntentCreateParams",
    answer: "PaymentIntent",
    params: createParams,
    run: ({ world, params }) => createIntent(world, params),
  }),
  route({
    method: "GET",
    path: "/v1/payment_intents",
    request: "PaymentIntentListParams",
    answer: ["PaymentIntent"],
    params: z.strictObject({ ...paging, created, customer: text.optional() }),
    run: ({ world, params }) => {
      const { store } = world
      requireKnownCustomer(world, params.customer)
      const url = "/v1/payment_intents"
      if (!params.customer) return paginateTable(store.table("payment_intent"), params, url)
      const rows = store.where("payment_intent", "customer", params.customer)
      return paginate(rows.filter(createdWithin(params.created)).reverse(), params, url)
    },
  }),
  route({
    method: "GET",
    path: one,
    answer: "PaymentIntent",
    params: z.strictObject({ expand }),
    run: ({ world, ids }) => requireIntent(world, ids.id ?? ""),
  }),
  route({
    method: "POST",
    path: one,
    request: "PaymentIntentUpdateParams",
    answer: "PaymentIntent",
    params: updateParams,
    run: ({ world, ids, params }) => updateIntent(world, requireIntent(world, ids.id ?? ""), params),
  }),
  route({
    method: "POST",
    path: `${one}/confirm`,
    request: "PaymentIntentConfirmParams",
    answer: "PaymentIntent",
    params: confirmParams,
    run: ({ world, ids, params }) => confirmIntent(world, requireIntent(world, ids.id ?? ""), params),
  }),
  route({
    method: "POST",
    path: `${one}/cancel`,
    request: "PaymentIntentCancelParams",
    answer: "PaymentIntent",
    params: z.strictObject({ cancellation_reason: reason.optional(), expand }),
    run: ({ world, ids, params }) => {
      const intent = requireIntent(world, ids.id ?? "")
      carrying(intent, () => requireCancelable(world, intent))
      cancelIntent(world, intent, params.cancellation_reason ?? null)
      return intent
    },
  }),
]
