import { z } from "zod"
import { paginate } from "../api/paging"
import { type Route, route } from "../api/route"
import { moveBalance } from "../billing/customer-balance"
import { currency, expand, int, mergeMetadata, metadata, paging, text } from "../notation/params"
import { requireCustomer } from "../objects/customer"

const path = "/v1/customers/:id/balance_transactions"

export const customerBalanceRoutes: Route[] = [
  route({
    method: "POST",
    path,
    request: "CustomerCreateBalanceTransactionParams",
    answer: "CustomerBalanceTransaction",
    params: z.strictObject({
      amount: int,
      currency,
      description: text.optional(),
      expand,
      metadata: metadata.optional(),
    }),
    run: ({ world, ids, params: { amount, currency: of, description, metadata: given } }) =>
      moveBalance(world, requireCustomer(world, ids.id ?? ""), {
        amount,
        currency: of,
        description: description ?? null,
        metadata: mergeMetadata({}, given),
        type: "adjustment",
      }),
  }),
  route({
    method: "GET",
    path,
    request: "CustomerListBalanceTransactionsParams",
    answer: ["CustomerBalanceTransaction"],
    params: z.strictObject(paging),
    run: ({ world, ids, params }) => {
      const { id } = requireCustomer(world, ids.id ?? "")
      const rows = world.store.where("customer_balance_transaction", "customer", id)
      return paginate(rows.reverse(), params, `/v1/customers/${id}/balance_transactions`)
    },
  }),
]
