import type Stripe from "stripe"
import { z } from "zod"
import { createdWithin, paginate, paginateTable } from "../api/paging"
import { type Route, route } from "../api/route"
import { resourceMissing } from "../notation/errors"
import { created, expand, paging, text } from "../notation/params"
import { requireKnownCustomer } from "../objects/customer"
import type { World } from "../world/world"

function requireCharge(world: World, id: string): Stripe.Charge {
  const charge = world.store.get("charge", id)
  if (!charge) throw resourceMissing("charge", id)
  return charge
}

export const moneyRoutes: Route[] = [
  route({
    method: "GET",
    path: "/v1/charges",
    request: "ChargeListParams",
    answer: ["Charge"],
    params: z.strictObject({
      ...paging,
      created,
      customer: text.optional(),
      payment_intent: text.optional(),
    }),
    run: ({ world, params: { customer, payment_intent: intent, ...rest } }) => {
      const { store } = world
      requireKnownCustomer(world, customer)
      if (!customer && !intent) return paginateTable(store.table("charge"), rest, "/v1/charges")
      const known = intent
        ? store.where("charge", "payment_intent", intent)
        : store.where("charge", "customer", customer ?? "")
      const within = createdWithin(rest.created)
      const rows = known.filter((row) => within(row) && (!customer || row.customer === customer))
      return paginate(rows.reverse(), rest, "/v1/charges")
    },
  }),
  route({
    method: "GET",
    path: "/v1/charges/:id",
    answer: "Charge",
    params: z.strictObject({ expand }),
    run: ({ world, ids }) => requireCharge(world, ids.id ?? ""),
  }),
  route({
    method: "GET",
    path: "/v1/balance_transactions",
    request: "BalanceTransactionListParams",
    answer: ["BalanceTransaction"],
    params: z.strictObject({
      ...paging,
      created,
      currency: text.optional(),
      source: text.optional(),
      type: text.optional(),
    }),
    run: ({ world, params: { currency, source, type, ...rest } }) => {
      const matches = (row: Stripe.BalanceTransaction) =>
        (!currency || row.currency === currency) &&
        (!source || row.source === source) &&
        (!type || row.type === type)
      return paginateTable(
        world.store.table("balance_transaction"),
        rest,
        "/v1/balance_transactions",
        matches,
      )
    },
  }),
  route({
    method: "GET",
    path: "/v1/balance_transactions/:id",
    answer: "BalanceTransaction",
    params: z.strictObject({ expand }),
    run: ({ world, ids }) => {
      const found = world.store.get("balance_transaction", ids.id ?? "")
      if (!found) throw resourceMissing("balance transaction", ids.id ?? "")
      return found
    },
  }),
]
