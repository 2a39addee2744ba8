import type Stripe from "stripe"
import { z } from "zod"
import { paginate, paginateTable } from "../api/paging"
import { type Route, route } from "../api/route"
import { resourceMissing } from "../notation/errors"
import {
  address,
  bool,
  created,
  emptyable,
  expand,
  mergeMetadata,
  metadata,
  paging,
  sentFields,
} from "../notation/params"
import { newCustomer, requireCustomer } from "../objects/customer"
import { OTHER_TYPES } from "../objects/other-methods"
import { resolvePaymentMethod } from "../objects/payment-method"
import {
  attachPaymentMethod,
  cardsOf,
  detachPaymentMethod,
  requireAttachable,
} from "../payments/payment-methods"
import { changedFields, emit } from "../world/events"
import type { World } from "../world/world"

const shared = {
  address: z.union([z.literal(""), address]).optional(),
  description: emptyable.optional(),
  email: emptyable.max(512).optional(),
  expand,
  invoice_settings: z.strictObject({ default_payment_method: z.string().optional() }).optional(),
  metadata: metadata.optional(),
  name: emptyable.max(256).optional(),
  phone: emptyable.optional(),
  preferred_locales: z.array(z.string()).optional(),
  tax_exempt: z.enum(["none", "exempt", "reverse"]).optional(),
  validate: bool.optional(),
}

const createParams = z.strictObject({ ...shared, payment_method: z.string().optional() })
const updateParams = z.strictObject(shared)

/** An empty part is unset, like any empty value. */
function wireAddress(given: z.infer<typeof address>): Stripe.Address {
  const { city, country, line1, line2, postal_code, state } = given
  return {
    city: city || null,
    country: country || null,
    line1: line1 || null,
    line2: line2 || null,
    postal_code: postal_code || null,
    state: state || null,
  }
}

function fieldsOf(params: z.infer<typeof updateParams>): Partial<Stripe.Customer> {
  const {
    expand: _expand,
    validate: _validate,
    metadata: _metadata,
    invoice_settings: _settings,
    ...rest
  } = params
  const { address: given, preferred_locales, tax_exempt, ...plain } = sentFields(rest)
  return {
    ...plain,
    ...(given === undefined ? {} : { address: given && wireAddress(given) }),
    ...(preferred_locales ? { preferred_locales } : {}),
    ...(tax_exempt ? { tax_exempt } : {}),
  }
}

function setDefault(world: World, customer: Stripe.Customer, id: string | undefined): void {
  if (id === undefined) return
  if (id !== "") {
    const method = resolvePaymentMethod(world, id)
    if (method.customer !== customer.id)
      throw resourceMissing("PaymentMethod", id, "invoice_settings[default_payment_method]")
  }
  customer.invoice_settings.default_payment_method = id === "" ? null : id
}

function create(world: World, params: z.infer<typeof createParams>): Stripe.Customer {
  const { payment_method, ...rest } = params
  const customer = newCustomer(world, { ...fieldsOf(rest), metadata: mergeMetadata({}, params.metadata) })
  const method = payment_method ? resolvePaymentMethod(world, payment_method) : null
  if (method) requireAttachable(world, method)
  world.store.put("customer", customer)
  emit(world, "customer.created", customer)
  if (method) attachPaymentMethod(world, method, customer.id)
  setDefault(world, customer, params.invoice_settings?.default_payment_method)
  return world.store.put("customer", customer)
}

function update(
  world: World,
  customer: Stripe.Customer,
  params: z.infer<typeof updateParams>,
): Stripe.Customer {
  const before = structuredClone(customer)
  setDefault(world, customer, params.invoice_settings?.default_payment_method)
  const changes = { ...fieldsOf(params), metadata: mergeMetadata(customer.metadata, params.metadata) }
  world.store.change("customer", customer, changes)
  const previous = changedFields(before, customer)
  if (previous) emit(world, "customer.updated", customer, previous)
  return customer
}

function remove(world: World, customer: Stripe.Customer): Stripe.DeletedCustomer {
  for (const method of cardsOf(world, customer.id)) detachPaymentMethod(world, method)
  for (const { id } of world.store.where("tax_id", "customer", customer.id)) world.store.remove("tax_id", id)
  world.store.remove("customer", customer.id)
  emit(world, "customer.deleted", customer)
  return world.store.put("deleted_customer", { id: customer.id, object: "customer", deleted: true })
}

const one = "/v1/customers/:id"

export const customerRoutes: Route[] = [
  route({
    method: "POST",
    path: "/v1/customers",
    request: "CustomerCreateParams",
    answer: "Customer",
    params: createParams,
    run: ({ world, params }) => create(world, params),
  }),
  route({
    method: "GET",
    path: "/v1/customers",
    request: "CustomerListParams",
    answer: ["Customer"],
    params: z.strictObject({ ...paging, created, email: z.string().optional() }),
    run: ({ world, params }) => {
      const matches = (row: Stripe.Customer) => !params.email || row.email === params.email
      return paginateTable(world.store.table("customer"), params, "/v1/customers", matches)
    },
  }),
  route({
    method: "GET",
    path: one,
    answer: "Customer",
    params: z.strictObject({ expand }),
    run: ({ world, ids }) =>
      world.store.get("deleted_customer", ids.id ?? "") ?? requireCustomer(world, ids.id ?? ""),
  }),
  route({
    method: "POST",
    path: one,
    request: "CustomerUpdateParams",
    answer: "Customer",
    params: updateParams,
    run: ({ world, ids, params }) => update(world, requireCustomer(world, ids.id ?? ""), params),
  }),
  route({
    method: "DELETE",
    path: one,
    answer: "DeletedCustomer",
    params: z.strictObject({}),
    run: ({ world, ids }) => remove(world, requireCustomer(world, ids.id ?? "")),
  }),
  route({
    method: "GET",
    path: `${one}/payment_methods`,
    request: "CustomerListPaymentMethodsParams",
    answer: ["PaymentMethod"],
    params: z.strictObject({
      ...paging,
      type: z.enum(["card", ...OTHER_TYPES]).optional(),
      allow_redisplay: z.enum(["always", "limited", "unspecified"]).optional(),
    }),
    run: ({ world, ids, params }) => {
      const customer = requireCustomer(world, ids.id ?? "")
      const wanted = params.allow_redisplay
      const rows = cardsOf(world, customer.id).filter(
        (row) => (!wanted || row.allow_redisplay === wanted) && (!params.type || row.type === params.type),
      )
      return paginate(rows, params, `/v1/customers/${customer.id}/payment_methods`)
    },
  }),
  route({
    method: "GET",
    path: `${one}/payment_methods/:method`,
    answer: "PaymentMethod",
    params: z.strictObject({ expand }),
    run: ({ world, ids }) => {
      const method = world.store.get("payment_method", ids.method ?? "")
      if (!method || method.customer !== ids.id)
        throw resourceMissing("PaymentMethod", ids.method ?? "", "payment_method")
      return method
    },
  }),
]
