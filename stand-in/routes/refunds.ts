import type Stripe from "stripe"
import { z } from "zod"
import { createdWithin, paginate, paginateTable } from "../api/paging"
import { type Route, route } from "../api/route"
import { cancelRefund, refundCharge, updateRefund } from "../money-back/refunds"
import { invalidRequest, parameterMissingResource } from "../notation/errors"
import { created, expand, int, mergeMetadata, metadata, paging, text } from "../notation/params"
import { requireRefund } from "../objects/refund"
import type { World } from "../world/world"

const refundParams = z.strictObject({
  amount: int.optional(),
  charge: text.optional(),
  expand,
  metadata: metadata.optional(),
  payment_intent: text.optional(),
  reason: z.enum(["duplicate", "fraudulent", "requested_by_customer"]).optional(),
})

function chargeToRefund(world: World, params: z.infer<typeof refundParams>): Stripe.Charge {
  if (params.charge && params.payment_intent) {
    throw invalidRequest("You may only specify one of these parameters: charge, payment_intent.")
  }
  if (params.charge) {
    const charge = world.store.get("charge", params.charge)
    if (!charge) throw parameterMissingResource("charge", params.charge, "charge")
    return charge
  }
  if (!params.payment_intent) {
    throw invalidRequest(
      "One of the following params should be provided for this request: payment_intent or charge.",
    )
  }
  const intent = world.store.get("payment_intent", params.payment_intent)
  if (!intent) throw parameterMissingResource("payment_intent", params.payment_intent, "payment_intent")
  const charge = world.store.get("charge", String(intent.latest_charge))
  if (!charge) {
    throw invalidRequest(`This PaymentIntent (${intent.id}) does not have a successful charge to refund.`, {
      param: "payment_intent",
    })
  }
  return charge
}

export const refundRoutes: Route[] = [
  route({
    method: "POST",
    path: "/v1/refunds",
    request: "RefundCreateParams",
    answer: "Refund",
    params: refundParams,
    run: ({ world, params }) => {
      const { amount, reason } = params
      return refundCharge(world, chargeToRefund(world, params), {
        amount,
        reason,
        metadata: mergeMetadata({}, params.metadata),
      })
    },
  }),
  route({
    method: "GET",
    path: "/v1/refunds",
    request: "RefundListParams",
    answer: ["Refund"],
    params: z.strictObject({ ...paging, created, charge: text.optional(), payment_intent: text.optional() }),
    run: ({ world, params: { charge, payment_intent: intent, ...rest } }) => {
      const matches = (row: Stripe.Refund) => !intent || row.payment_intent === intent
      if (!charge) return paginateTable(world.store.table("refund"), rest, "/v1/refunds", matches)
      const within = createdWithin(rest.created)
      const rows = world.store.where("refund", "charge", charge).filter((row) => within(row) && matches(row))
      return paginate(rows.reverse(), rest, "/v1/refunds")
    },
  }),
  route({
    method: "GET",
    path: "/v1/refunds/:id",
    answer: "Refund",
    params: z.strictObject({ expand }),
    run: ({ world, ids }) => requireRefund(world, ids.id ?? ""),
  }),
  route({
    method: "POST",
    path: "/v1/refunds/:id",
    request: "RefundUpdateParams",
    answer: "Refund",
    params: z.strictObject({ expand, metadata: metadata.optional() }),
    run: ({ world, ids, params }) => {
      const refund = requireRefund(world, ids.id ?? "")
      updateRefund(world, refund, mergeMetadata(refund.metadata, params.metadata))
      return refund
    },
  }),
  route({
    method: "POST",
    path: "/v1/refunds/:id/cancel",
    request: "RefundCancelParams",
    answer: "Refund",
    params: z.strictObject({ expand }),
    run: ({ world, ids }) => {
      const refund = requireRefund(world, ids.id ?? "")
      cancelRefund(world, refund, "api")
      return refund
    },
  }),
]
