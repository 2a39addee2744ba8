import { invalidRequest } from "../notation/errors"
import { intentOfInvoice } from "../objects/invoice-payment"
import { readEvent } from "../world/events"
import type { World } from "../world/world"
import { paginate } from "./paging"

type Json = Record<string, unknown>

function isJson(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value)
}

function find(world: World, id: string): object | undefined {
  const { store } = world
  switch (id.split("_")[0]) {
    case "cus":
      return store.get("customer", id) ?? store.get("deleted_customer", id)
    case "pm":
      return store.get("payment_method", id)
    case "pi":
      return store.get("payment_intent", id)
    case "seti":
      return store.get("setup_intent", id)
    case "setatt":
      return store.get("setup_attempt", id)
    case "ch":
      return store.get("charge", id)
    case "txn":
      return store.get("balance_transaction", id)
    case "txi":
      return store.get("tax_id", id)
    case "re":
      return store.get("refund", id)
    case "dp":
      return store.get("dispute", id)
    case "issfr":
      return store.get("fraud_warning", id)
    case "in":
      return store.get("invoice", id)
    case "ii":
      return store.get("invoice_item", id)
    case "inpay":
      return store.get("invoice_payment", id)
    case "price":
      return store.get("price", id)
    case "sub":
      return store.get("subscription", id) ?? store.get("subscription_schedule", id)
    case "bpc":
      return store.get("portal_configuration", id)
    case "cs":
      return store.get("checkout_session", id)
    case "evt": {
      const event = store.get("event", id)
      return event && readEvent(world, event)
    }
    default:
      // A product may have been given an id of any form.
      return store.get("product", id)
  }
}

/** Lists that Stripe leaves out of an object unless they are requested. */
function included(world: World, object: Json, field: string): object | undefined {
  const id = String(object.id)
  if (object.object === "checkout.session" && field === "line_items") {
    const items = world.store.get("checkout_plan", id)?.lineItems ?? []
    return paginate(items, { limit: 100 }, `/v1/checkout/sessions/${id}/line_items`)
  }
  if (object.object === "customer" && field === "tax_ids") {
    const taxIds = world.store.where("tax_id", "customer", id)
    return paginate(taxIds.reverse(), {}, `/v1/customers/${id}/tax_ids`)
  }
  if (object.object === "charge" && field === "refunds") {
    const refunds = world.store.where("refund", "charge", id)
    return paginate(refunds.reverse(), {}, `/v1/charges/${id}/refunds`)
  }
  if (object.object === "invoice" && field === "payments") {
    const payments = world.store.where("invoice_payment", "invoice", id)
    return paginate(payments.reverse(), {}, `/v1/invoice_payments?invoice=${id}`)
  }
  if (object.object === "invoice" && field === "confirmation_secret") {
    const secret = intentOfInvoice(world, id)?.client_secret
    return secret ? { client_secret: secret, type: "payment_intent" } : undefined
  }
  return undefined
}

function expandPath(world: World, target: unknown, path: string[], whole: string): void {
  const [field, ...rest] = path
  if (field === undefined) return
  if (Array.isArray(target)) {
    for (const each of target) expandPath(world, each, path, whole)
    return
  }
  if (!isJson(target)) return
  const value = target[field] === undefined ? included(world, target, field) : target[field]
  const object = typeof value === "string" ? find(world, value) : value
  if (object === undefined || typeof object === "string") {
    throw invalidRequest(`This property cannot be expanded (${whole}).`, { param: "expand" })
  }
  if (object !== null) target[field] = typeof value === "string" ? structuredClone(object) : object
  expandPath(world, target[field], rest, whole)
}

/** Copies the answer with the requested ids replaced by their objects. */
export function expandAnswer(world: World, answer: object, paths: string[] = []): object {
  const copy = structuredClone(answer)
  for (const path of paths) {
    const parts = path.split(".")
    if (parts.length > 5)
      throw invalidRequest("You cannot expand more than 4 levels of a property.", { param: "expand" })
    expandPath(world, copy, parts, path)
  }
  return copy
}
