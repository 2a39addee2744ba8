import type Stripe from "stripe"
import { stripe } from "./client"

const TOLERANCE_SECONDS = 300

export type VerifiedEvent = {
  id: string
  type: string
  objectId: string
  /** The payment that the object belongs to, if it names one, else the object. */
  subjectId: string
  /** The event's claim of its customer: a hint, never a proof. */
  customerId: string | null
  apiVersion: string | null
  livemode: boolean
  account: string | null
  createdAt: Date
}

/**
 * Returns the event that Stripe signed. Null if none of our secrets signed exactly these bytes within five minutes of
 * now. Several secrets are accepted during a rotation.
 */
export function verifyEvent(
  body: Buffer,
  signature: string | null,
  secrets: string[],
  now: Date,
): VerifiedEvent | null {
  if (!signature || !hasFreshTimestamp(signature, now)) return null
  // As text: given bytes, the SDK drops a byte order mark and repairs invalid UTF-8 before it checks the signature.
  const text = body.toString("utf8")
  if (!Buffer.from(text).equals(body)) return null
  for (const secret of secrets) {
    const event = constructEvent(text, signature, secret)
    if (event) return readHeader(event, now)
  }
  return null
}

// The SDK refuses a timestamp that is too old, but accepts one from the future.
function hasFreshTimestamp(signature: string, now: Date): boolean {
  const timestamps = signature.split(",").filter((part) => part.startsWith("t="))
  const [timestamp] = timestamps
  if (!timestamp || timestamps.length !== 1 || !/^t=\d{1,12}$/.test(timestamp)) return false
  return Math.abs(now.getTime() / 1000 - Number(timestamp.slice(2))) <= TOLERANCE_SECONDS
}

function constructEvent(body: string, signature: string, secret: string): Stripe.Event | null {
  if (secret.trim() === "") return null
  try {
    return stripe().webhooks.constructEvent(body, signature, secret, TOLERANCE_SECONDS)
  } catch {
    return null
  }
}

/**
 * Reads an event's header. Null if it isn't an event. Nothing in it is taken for granted although Stripe made it: the
 * database would refuse what doesn't fit, and Stripe would send it again for three days.
 */
export function readHeader(event: Stripe.Event, now: Date): VerifiedEvent | null {
  const id = idIn(event, "id")
  if (id === null || typeof event.type !== "string") return null
  const object = partOf(event.data, "object")
  const objectId = idIn(object, "id") ?? ""
  return {
    id,
    type: event.type,
    objectId,
    subjectId: idIn(object, "payment_intent") ?? objectId,
    customerId: customerOf(object) ?? customerOf(partOf(event.data, "previous_attributes")),
    apiVersion: typeof event.api_version === "string" ? event.api_version : null,
    livemode: event.livemode === true,
    account: event.account ?? null,
    createdAt: dateOf(event.created) ?? now,
  }
}

function partOf(value: unknown, key: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, key) : undefined
}

function idIn(value: unknown, key: string): string | null {
  const id = partOf(value, key)
  return typeof id === "string" && /^[\x21-\x7e]{1,255}$/.test(id) ? id : null
}

function customerOf(object: unknown): string | null {
  const ids = [idIn(object, "customer"), idIn(object, "id")]
  return ids.find((id) => id !== null && /^cus_\w+$/.test(id)) ?? null
}

function dateOf(seconds: unknown): Date | null {
  // Up to the year 9999, the limit for the database.
  if (typeof seconds !== "number" || !(seconds >= 0 && seconds < 253_402_300_800)) return null
  return new Date(seconds * 1000)
}
