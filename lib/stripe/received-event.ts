import type { Db } from "@/lib/db/client"

/** An event of Stripe as the inbox keeps it: what happened, and to which object. */
export type ReceivedEvent = { id: string; type: string; objectId: string; customerId: string | null }

/**
 * Acts on an event: reads its object again and writes down what it is now. Running twice, late or out of order ends in
 * the same state. Throws when Stripe can't be asked; the event is processed again then. `ignored`: not ours to act on.
 */
export type EventHandler = (
  ctx: { db: Db; now: Date },
  event: ReceivedEvent,
) => Promise<"processed" | "ignored">
