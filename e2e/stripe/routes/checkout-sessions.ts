import { z } from "zod"
import { expireSession, requirePlan } from "../checkout"
import { requireSession } from "../objects/checkout-session"
import { createdWithin, paginate } from "../paging"
import { created, expand, paging, text } from "../params"
import { type Route, route } from "../route"
import { createSession } from "../sessions"
import { sessionParams } from "./checkout-session-params"

const one = "/v1/checkout/sessions/:id"

export const checkoutSessionRoutes: Route[] = [
  route({
    method: "POST",
    path: "/v1/checkout/sessions",
    request: "Checkout.SessionCreateParams",
    answer: "Checkout.Session",
    params: sessionParams,
    run: ({ world, params }) => createSession(world, params),
  }),
  route({
    method: "GET",
    path: "/v1/checkout/sessions",
    request: "Checkout.SessionListParams",
    answer: ["Checkout.Session"],
    params: z.strictObject({
      ...paging,
      created,
      customer: text.optional(),
      payment_intent: text.optional(),
      status: z.enum(["open", "complete", "expired"]).optional(),
    }),
    run: ({ world, params: { customer, payment_intent: intent, status, ...rest } }) => {
      const within = createdWithin(rest.created)
      const rows = world.store.list("checkout_session").filter((row) => {
        const mine = !customer || row.customer === customer
        return (
          mine &&
          within(row) &&
          (!intent || row.payment_intent === intent) &&
          (!status || row.status === status)
        )
      })
      return paginate(rows.reverse(), rest, "/v1/checkout/sessions")
    },
  }),
  route({
    method: "GET",
    path: one,
    answer: "Checkout.Session",
    params: z.strictObject({ expand }),
    run: ({ world, ids }) => requireSession(world, ids.id ?? ""),
  }),
  route({
    method: "POST",
    path: `${one}/expire`,
    request: "Checkout.SessionExpireParams",
    answer: "Checkout.Session",
    params: z.strictObject({ expand }),
    run: ({ world, ids }) => {
      const session = requireSession(world, ids.id ?? "")
      expireSession(world, session)
      return session
    },
  }),
  route({
    method: "GET",
    path: `${one}/line_items`,
    request: "Checkout.SessionListLineItemsParams",
    answer: ["LineItem"],
    params: z.strictObject(paging),
    run: ({ world, ids, params }) => {
      const session = requireSession(world, ids.id ?? "")
      return paginate(
        requirePlan(world, session).lineItems,
        params,
        `/v1/checkout/sessions/${session.id}/line_items`,
      )
    },
  }),
]
