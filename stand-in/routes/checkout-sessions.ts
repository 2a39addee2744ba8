import type Stripe from "stripe"
import { z } from "zod"
import { createdWithin, paginate, paginateTable } from "../api/paging"
import { type Route, route } from "../api/route"
import { expireSession } from "../checkout/checkout"
import { sessionParams } from "../checkout/session-params"
import { createSession } from "../checkout/sessions"
import { created, expand, paging, text } from "../notation/params"
import { requirePlan, requireSession } from "../objects/checkout-session"
import { requireKnownCustomer } from "../objects/customer"

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
      subscription: text.optional(),
      status: z.enum(["open", "complete", "expired"]).optional(),
    }),
    run: ({ world, params: { customer, subscription, payment_intent: intent, status, ...rest } }) => {
      const { store } = world
      requireKnownCustomer(world, customer)
      const matches = (row: Stripe.Checkout.Session) =>
        (!customer || row.customer === customer) && (!status || row.status === status)
      const url = "/v1/checkout/sessions"
      const within = createdWithin(rest.created)
      const rows = intent
        ? store.where("checkout_session", "payment_intent", intent)
        : subscription
          ? store.where("checkout_session", "subscription", subscription)
          : customer
            ? store.where("checkout_session", "customer", customer)
            : null
      if (rows === null) return paginateTable(store.table("checkout_session"), rest, url, matches)
      return paginate(rows.filter((row) => within(row) && matches(row)).reverse(), rest, url)
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
