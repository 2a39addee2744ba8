import type { Db } from "@/lib/db/client"

/** What is known of an event of Stripe when it is acted on: the object that it is about. */
export type ReceivedEvent = { id: string; objectId: string; customerId: string | null }

/**
 * Acts on an event: reads its object again and writes down what it is now. Running twice, late or out of order ends in
 * the same state. Throws when Stripe can't be asked; the event is processed again then. `ignored`: not ours to act on.
 */
export type EventHandler = (
  ctx: { db: Db; now: Date },
  event: ReceivedEvent,
) => Promise<"processed" | "ignored">
