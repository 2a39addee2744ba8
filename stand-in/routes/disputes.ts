import { z } from "zod"
import { createdWithin, paginate } from "../api/paging"
import { type Route, route } from "../api/route"
import { closeDispute, updateDispute } from "../money-back/disputes"
import { invalidRequest, resourceMissing } from "../notation/errors"
import { bool, created, expand, mergeMetadata, metadata, paging, text } from "../notation/params"
import { requireDispute } from "../objects/dispute"

const one = "/v1/disputes/:id"
const file = text.startsWith("file_")

/** Only words, and ids of files that the stand-in lacks: no enhanced evidence, no appeals. */
const evidence = z.strictObject({
  access_activity_log: text,
  billing_address: text,
  cancellation_policy: file,
  cancellation_policy_disclosure: text,
  cancellation_rebuttal: text,
  customer_communication: file,
  customer_email_address: text,
  customer_name: text,
  customer_purchase_ip: text,
  customer_signature: file,
  duplicate_charge_documentation: file,
  duplicate_charge_explanation: text,
  duplicate_charge_id: text,
  product_description: text,
  receipt: file,
  refund_policy: file,
  refund_policy_disclosure: text,
  refund_refusal_explanation: text,
  service_date: text,
  service_documentation: file,
  shipping_address: text,
  shipping_carrier: text,
  shipping_date: text,
  shipping_documentation: file,
  shipping_tracking_number: text,
  uncategorized_file: file,
  uncategorized_text: text,
})

const listParams = z.strictObject({
  ...paging,
  created,
  charge: text.optional(),
  payment_intent: text.optional(),
})

export const disputeRoutes: Route[] = [
  route({
    method: "GET",
    path: "/v1/disputes",
    request: "DisputeListParams",
    answer: ["Dispute"],
    params: listParams,
    run: ({ world, params: { charge, payment_intent: intent, ...rest } }) => {
      const within = createdWithin(rest.created)
      const known = charge ? world.store.where("dispute", "charge", charge) : world.store.list("dispute")
      const rows = known.filter((row) => within(row) && (!intent || row.payment_intent === intent))
      return paginate(rows.reverse(), rest, "/v1/disputes")
    },
  }),
  route({
    method: "GET",
    path: one,
    answer: "Dispute",
    params: z.strictObject({ expand }),
    run: ({ world, ids }) => requireDispute(world, ids.id ?? ""),
  }),
  route({
    method: "POST",
    path: one,
    request: "DisputeUpdateParams",
    answer: "Dispute",
    params: z.strictObject({
      evidence: evidence.partial().optional(),
      expand,
      metadata: metadata.optional(),
      submit: bool.optional(),
    }),
    run: ({ world, ids, params }) => {
      const dispute = requireDispute(world, ids.id ?? "")
      return updateDispute(world, dispute, {
        evidence: params.evidence ?? {},
        metadata: mergeMetadata(dispute.metadata, params.metadata),
        submit: params.submit ?? true,
      })
    },
  }),
  route({
    method: "POST",
    path: `${one}/close`,
    request: "DisputeCloseParams",
    answer: "Dispute",
    params: z.strictObject({ expand }),
    run: ({ world, ids }) => {
      const dispute = requireDispute(world, ids.id ?? "")
      if (dispute.status !== "needs_response") {
        throw invalidRequest(
          `Only disputes with a status of needs_response can be closed. This dispute has a status of ${dispute.status}.`,
        )
      }
      return closeDispute(world, dispute, "lost")
    },
  }),
  route({
    method: "GET",
    path: "/v1/radar/early_fraud_warnings",
    request: "Radar.EarlyFraudWarningListParams",
    answer: ["Radar.EarlyFraudWarning"],
    params: listParams,
    run: ({ world, params: { charge, payment_intent: intent, ...rest } }) => {
      const within = createdWithin(rest.created)
      const rows = world.store.list("fraud_warning").filter((row) => {
        return within(row) && (!charge || row.charge === charge) && (!intent || row.payment_intent === intent)
      })
      return paginate(rows.reverse(), rest, "/v1/radar/early_fraud_warnings")
    },
  }),
  route({
    method: "GET",
    path: "/v1/radar/early_fraud_warnings/:id",
    answer: "Radar.EarlyFraudWarning",
    params: z.strictObject({ expand }),
    run: ({ world, ids }) => {
      const found = world.store.get("fraud_warning", ids.id ?? "")
      if (!found) throw resourceMissing("early fraud warning", ids.id ?? "")
      return found
    },
  }),
]
