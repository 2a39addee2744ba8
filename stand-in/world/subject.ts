import { z } from "zod"
import type { WireInvoice } from "./billing-tables"
import type { WireEvent } from "./tables"

/** Narrows a control to one customer or to objects with some metadata, so that parallel tests stay apart. */
export const filterSchema = z.strictObject({
  customer: z.string().optional(),
  metadata: z.record(z.string(), z.string()).optional(),
})

export type Filter = z.infer<typeof filterSchema>

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value)
}

export function customerOf(object: unknown): string | null {
  if (!isRecord(object)) return null
  if (object.object === "customer" && typeof object.id === "string") return object.id
  if (typeof object.customer === "string") return object.customer
  return isRecord(object.customer) && typeof object.customer.id === "string" ? object.customer.id : null
}

export function subscriptionIdOf(invoice: WireInvoice): string | null {
  const id = invoice.parent?.subscription_details?.subscription
  return id === undefined ? null : String(id)
}

/** Returns what filters look at: a dispute's charge names the customer, the dispute doesn't. */
export function subjectOf(event: WireEvent): object {
  return event.about ?? event.data.object
}

export function contains(whole: unknown, part: unknown): boolean {
  if (!isRecord(part)) return String(whole) === String(part)
  return isRecord(whole) && Object.entries(part).every(([key, value]) => contains(whole[key], value))
}

export function matchesFilter(filter: Filter, object: unknown, customer = customerOf(object)): boolean {
  if (filter.customer !== undefined && filter.customer !== customer) return false
  if (filter.metadata === undefined) return true
  return isRecord(object) && contains(object.metadata, filter.metadata)
}
