import { z } from "zod"
import { createdWithin, paginate } from "../api/paging"
import { type Route, route } from "../api/route"
import { created, expand, paging, text } from "../notation/params"
import { requireKnownCustomer } from "../objects/customer"
import { requireSetupIntent } from "../objects/setup-intent"
import { confirmParams, createParams, updateParams } from "../payments/setup-intent-params"
import {
  cancelSetupIntent,
  confirmSetupIntent,
  createSetupIntent,
  requireNoSession,
  updateSetupIntent,
} from "../payments/setup-intents"

const one = "/v1/setup_intents/:id"
const reason = z.enum(["abandoned", "duplicate", "requested_by_customer"])

export const setupIntentRoutes: Route[] = [
  route({
    method: "POST",
    path: "/v1/setup_intents",
    request: "SetupIntentCreateParams",
    answer: "SetupIntent",
    params: createParams,
    run: ({ world, params }) => createSetupIntent(world, params),
  }),
  route({
    method: "GET",
    path: "/v1/setup_intents",
    request: "SetupIntentListParams",
    answer: ["SetupIntent"],
    params: z.strictObject({
      ...paging,
      created,
      customer: text.optional(),
      payment_method: text.optional(),
    }),
    run: ({ world, params: { customer, payment_method: method, ...rest } }) => {
      requireKnownCustomer(world, customer)
      const within = createdWithin(rest.created)
      const rows = world.store.list("setup_intent").filter((row) => {
        const mine = !customer || row.customer === customer
        return mine && within(row) && (!method || row.payment_method === method)
      })
      return paginate(rows.reverse(), rest, "/v1/setup_intents")
    },
  }),
  route({
    method: "GET",
    path: one,
    answer: "SetupIntent",
    params: z.strictObject({ expand }),
    run: ({ world, ids }) => requireSetupIntent(world, ids.id ?? ""),
  }),
  route({
    method: "POST",
    path: one,
    request: "SetupIntentUpdateParams",
    answer: "SetupIntent",
    params: updateParams,
    run: ({ world, ids, params }) =>
      updateSetupIntent(world, requireSetupIntent(world, ids.id ?? ""), params),
  }),
  route({
    method: "POST",
    path: `${one}/confirm`,
    request: "SetupIntentConfirmParams",
    answer: "SetupIntent",
    params: confirmParams,
    run: ({ world, ids, params }) =>
      confirmSetupIntent(world, requireSetupIntent(world, ids.id ?? ""), params),
  }),
  route({
    method: "POST",
    path: `${one}/cancel`,
    request: "SetupIntentCancelParams",
    answer: "SetupIntent",
    params: z.strictObject({ cancellation_reason: reason.optional(), expand }),
    run: ({ world, ids, params }) => {
      const intent = requireSetupIntent(world, ids.id ?? "")
      requireNoSession(world, intent, "cancel")
      return cancelSetupIntent(world, intent, params.cancellation_reason ?? null)
    },
  }),
  route({
    method: "GET",
    path: "/v1/setup_attempts",
    request: "SetupAttemptListParams",
    answer: ["SetupAttempt"],
    params: z.strictObject({ ...paging, created, setup_intent: text }),
    run: ({ world, params: { setup_intent: intent, ...rest } }) => {
      const within = createdWithin(rest.created)
      const rows = world.store
        .list("setup_attempt")
        .filter((row) => row.setup_intent === intent && within(row))
      return paginate(rows.reverse(), rest, "/v1/setup_attempts")
    },
  }),
]
