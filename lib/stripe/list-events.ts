import { stripe } from "./client"
import { HANDLED_EVENT_TYPES } from "./event-types"
import { asOutcome, type Unanswered } from "./outcome"
import { readHeader, type VerifiedEvent } from "./verify-event"

/** Stripe takes so many types in one question. */
const TYPES_AT_ONCE = 20

export type EventPage = { kind: "page"; events: VerifiedEvent[]; next: string | null }

/** The kinds of events that are handled here, in groups that Stripe can be asked for. */
export function listHandledTypes(): string[][] {
  const types = [...HANDLED_EVENT_TYPES]
  return Array.from({ length: Math.ceil(types.length / TYPES_AT_ONCE) }, (_, group) =>
    types.slice(group * TYPES_AT_ONCE, (group + 1) * TYPES_AT_ONCE),
  )
}

/**
 * A page of the events that some webhook endpoint of the account has not taken, newest first: not necessarily ours, and
 * perhaps only not yet. Stripe keeps events for 30 days.
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
