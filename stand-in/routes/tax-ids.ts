import type Stripe from "stripe"
import { z } from "zod"
import { paginate } from "../api/paging"
import { type Route, route } from "../api/route"
import { resourceMissing } from "../notation/errors"
import { expand, paging, text } from "../notation/params"
import { requireCustomer } from "../objects/customer"
import { newTaxId } from "../objects/tax-id"
import { emit } from "../world/events"
import type { World } from "../world/world"

const all = "/v1/customers/:id/tax_ids"
const one = `${all}/:taxId`

function requireTaxId(world: World, customer: string, id: string): Stripe.TaxId {
  const found = world.store.get("tax_id", id)
  if (!found || found.customer !== customer) throw resourceMissing("tax_id", id)
  return found
}

function remove(world: World, taxId: Stripe.TaxId): Stripe.DeletedTaxId {
  world.store.remove("tax_id", taxId.id)
  emit(world, "customer.tax_id.deleted", taxId)
  return { id: taxId.id, object: "tax_id", deleted: true }
}

/** The tax ids of a customer. Those of the account itself, under `/v1/tax_ids`, aren't there. */
export const taxIdRoutes: Route[] = [
  route({
    method: "POST",
    path: all,
    request: "CustomerCreateTaxIdParams",
    answer: "TaxId",
    params: z.strictObject({ type: z.string().regex(/^[a-z_]+$/), value: text, expand }),
    run: ({ world, ids, params }) => {
      const { id } = requireCustomer(world, ids.id ?? "")
      const taxId = world.store.put("tax_id", newTaxId(world, id, params.type, params.value))
      emit(world, "customer.tax_id.created", taxId)
      return taxId
    },
  }),
  route({
    method: "GET",
    path: all,
    request: "CustomerListTaxIdsParams",
    answer: ["TaxId"],
    params: z.strictObject(paging),
    run: ({ world, ids, params }) => {
      const { id } = requireCustomer(world, ids.id ?? "")
      const rows = world.store.where("tax_id", "customer", id)
      return paginate(rows.reverse(), params, `/v1/customers/${id}/tax_ids`)
    },
  }),
  route({
    method: "GET",
    path: one,
    answer: "TaxId",
    params: z.strictObject({ expand }),
    run: ({ world, ids }) => requireTaxId(world, requireCustomer(world, ids.id ?? "").id, ids.taxId ?? ""),
  }),
  route({
    method: "DELETE",
    path: one,
    answer: "DeletedTaxId",
    params: z.strictObject({}),
    run: ({ world, ids }) =>
      remove(world, requireTaxId(world, requireCustomer(world, ids.id ?? "").id, ids.taxId ?? "")),
  }),
]
