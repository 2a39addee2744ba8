import { stripe } from "./client"
import { HANDLED_EVENT_TYPES } from "./event-types"
import { asOutcome, type Unanswered } from "./outcome"
import { readHeader, type VerifiedEvent } from "./verify-event"

/** The most types that Stripe takes in one request. */
const TYPES_AT_ONCE = 20

export type EventPage = { kind: "page"; events: VerifiedEvent[]; next: string | null }

/** Returns the handled kinds of events, in groups that fit a request to Stripe. */
export function listHandledTypes(): string[][] {
  const types = [...HANDLED_EVENT_TYPES]
  return Array.from({ length: Math.ceil(types.length / TYPES_AT_ONCE) }, (_, group) =>
    types.slice(group * TYPES_AT_ONCE, (group + 1) * TYPES_AT_ONCE),
  )
}

/**
 * Returns a page of events that some webhook endpoint of the account has not taken, newest first. The endpoint may
 * not be ours, and the delivery may only be pending. Stripe keeps events for 30 days.
 */
export async function listUndeliveredEvents(asked: {
  types: string[]
  since: Date | null
  after: string | null
  now: Date
}): Promise<EventPage | Unanswered> {
  const { types, since, after, now } = asked
  return asOutcome("list events", async () => {
    const { data, has_more } = await stripe().events.list({
      limit: 100,
      delivery_success: false,
      types,
      ...(since && { created: { gte: Math.floor(since.getTime() / 1000) } }),
      ...(after && { starting_after: after }),
    })
    const events = data.flatMap((event) => readHeader(event, now) ?? [])
    return { kind: "page", events, next: has_more ? (data.at(-1)?.id ?? null) : null }
  })
}
