import type Stripe from "stripe"
import { stripe } from "./client"

const TOLERANCE_SECONDS = 300

export type VerifiedEvent = {
  id: string
  type: string
  objectId: string
  /** The customer that the event says it is about: a hint, never a proof. */
  customerId: string | null
  apiVersion: string | null
  livemode: boolean
  account: string | null
  createdAt: Date
}

/**
 * The event that Stripe signed, or null if nobody with one of our secrets signed exactly these bytes within five minutes
 * of now. Several secrets are accepted while one is being rotated.
 */
export function verifyEvent(
  body: Buffer,
  signature: string | null,
  secrets: string[],
  now: Date,
): VerifiedEvent | null {
  if (!signature || !hasFreshTimestamp(signature, now)) return null
  // Text, because of bytes the SDK drops a byte order mark and mends what isn't UTF-8 before it checks the signature.
  const text = body.toString("utf8")
  if (!Buffer.from(text).equals(body)) return null
  for (const secret of secrets) {
    const event = constructEvent(text, signature, secret)
    if (event) return readHeader(event)
  }
  return null
}

// The SDK checks that a timestamp isn't too old, but accepts one from the future.
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

/** What an event says of itself; null if it is none. */
export function readHeader(event: Stripe.Event): VerifiedEvent | null {
  const object = event.data?.object as EventObject | undefined
  if (typeof event.id !== "string" || typeof event.type !== "string") return null
  return {
    id: event.id,
    type: event.type,
    objectId: typeof object?.id === "string" ? object.id : "",
    customerId: customerOf(object) ?? customerOf(event.data?.previous_attributes as EventObject | undefined),
    apiVersion: event.api_version,
    livemode: event.livemode === true,
    account: event.account ?? null,
    createdAt: new Date(event.created * 1000),
  }
}

type EventObject = { id?: unknown; customer?: unknown }

function customerOf(object: EventObject | undefined): string | null {
  return [object?.customer, object?.id].map(String).find((id) => /^cus_\w+$/.test(id)) ?? null
}
