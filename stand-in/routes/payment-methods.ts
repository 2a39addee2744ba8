import type Stripe from "stripe"
import { z } from "zod"
import { paginate } from "../api/paging"
import { type Route, route } from "../api/route"
import { cardByTestId } from "../cards/cards"
import { invalidRequest } from "../notation/errors"
import { expand, int, mergeMetadata, metadata, paging, text } from "../notation/params"
import { requireCustomerParam } from "../objects/customer"
import { OTHER_TYPES } from "../objects/other-methods"
import { createPaymentMethod, requirePaymentMethod } from "../objects/payment-method"
import {
  attachPaymentMethod,
  cardsOf,
  detachPaymentMethod,
  requireAttachable,
} from "../payments/payment-methods"
import { emit } from "../world/events"
import type { World } from "../world/world"

const redisplay = z.enum(["always", "limited", "unspecified"]).optional()
const billing = z.strictObject({ email: z.string().optional(), name: z.string().optional() }).optional()

const createParams = z.strictObject({
  type: z.literal("card"),
  card: z.strictObject({ token: text }),
  billing_details: billing,
  allow_redisplay: redisplay,
  metadata: metadata.optional(),
  expand,
})

function create(world: World, params: z.infer<typeof createParams>): Stripe.PaymentMethod {
  const card = cardByTestId(params.card.token)
  if (!card)
    throw invalidRequest(`No such token: '${params.card.token}'`, {
      code: "resource_missing",
      param: "card[token]",
    })
  const method = createPaymentMethod(world, {
    card,
    name: params.billing_details?.name,
    email: params.billing_details?.email,
    metadata: mergeMetadata({}, params.metadata),
  })
  return world.store.change("payment_method", method, {
    allow_redisplay: params.allow_redisplay ?? "unspecified",
  })
}

const updateParams = z.strictObject({
  allow_redisplay: redisplay,
  billing_details: billing,
  card: z.strictObject({ exp_month: int.optional(), exp_year: int.optional() }).optional(),
  metadata: metadata.optional(),
  expand,
})

/** Returns the former values of the changed fields. */
function changedOf(before: Partial<Stripe.PaymentMethod>, now: Stripe.PaymentMethod): object {
  const changed = Object.entries(before).filter(
    ([field, value]) => JSON.stringify(value) !== JSON.stringify(Reflect.get(now, field)),
  )
  return Object.fromEntries(changed)
}

function update(
  world: World,
  method: Stripe.PaymentMethod,
  params: z.infer<typeof updateParams>,
): Stripe.PaymentMethod {
  if (!method.customer) {
    throw invalidRequest("You must save this PaymentMethod to a customer before you can update it.")
  }
  const before = structuredClone({
    allow_redisplay: method.allow_redisplay,
    billing_details: method.billing_details,
    card: method.card,
    metadata: method.metadata,
  })
  if (method.card) Object.assign(method.card, params.card)
  Object.assign(method.billing_details, params.billing_details)
  world.store.change("payment_method", method, {
    allow_redisplay: params.allow_redisplay ?? method.allow_redisplay,
    metadata: mergeMetadata(method.metadata, params.metadata),
  })
  emit(world, "payment_method.updated", method, changedOf(before, method))
  return method
}

const one = "/v1/payment_methods/:id"

export const paymentMethodRoutes: Route[] = [
  route({
    method: "POST",
    path: "/v1/payment_methods",
    request: "PaymentMethodCreateParams",
    answer: "PaymentMethod",
    params: createParams,
    run: ({ world, params }) => create(world, params),
  }),
  route({
    method: "GET",
    path: "/v1/payment_methods",
    request: "PaymentMethodListParams",
    answer: ["PaymentMethod"],
    params: z.strictObject({
      ...paging,
      customer: text,
      type: z.enum(["card", ...OTHER_TYPES]).optional(),
      allow_redisplay: redisplay,
    }),
    run: ({ world, params }) => {
      const customer = requireCustomerParam(world, params.customer)
      const wanted = params.allow_redisplay
      const rows = cardsOf(world, customer.id).filter(
        (row) => (!wanted || row.allow_redisplay === wanted) && (!params.type || row.type === params.type),
      )
      return paginate(rows, params, "/v1/payment_methods")
    },
  }),
  route({
    method: "GET",
    path: one,
    answer: "PaymentMethod",
    params: z.strictObject({ expand }),
    run: ({ world, ids }) => requirePaymentMethod(world, ids.id ?? ""),
  }),
  route({
    method: "POST",
    path: one,
    request: "PaymentMethodUpdateParams",
    answer: "PaymentMethod",
    params: updateParams,
    run: ({ world, ids, params }) => update(world, requirePaymentMethod(world, ids.id ?? ""), params),
  }),
  route({
    method: "POST",
    path: `${one}/attach`,
    request: "PaymentMethodAttachParams",
    answer: "PaymentMethod",
    params: z.strictObject({ customer: text, expand }),
    run: ({ world, ids, params }) => {
      const customer = requireCustomerParam(world, params.customer)
      const method = requirePaymentMethod(world, ids.id ?? "")
      if (method.customer === customer.id) return method
      if (method.customer) {
        throw invalidRequest("The payment method you provided has already been attached to a customer.")
      }
      requireAttachable(world, method)
      attachPaymentMethod(world, method, customer.id)
      return method
    },
  }),
  route({
    method: "POST",
    path: `${one}/detach`,
    request: "PaymentMethodDetachParams",
    answer: "PaymentMethod",
    params: z.strictObject({ expand }),
    run: ({ world, ids }) => {
      const method = requirePaymentMethod(world, ids.id ?? "")
      detachPaymentMethod(world, method)
      return method
    },
  }),
]
