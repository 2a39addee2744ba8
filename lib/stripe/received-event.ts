import type { Db } from "@/lib/db/client"

/** The facts of a Stripe event at processing: mainly the object that it is about. */
export type ReceivedEvent = { id: string; objectId: string; customerId: string | null }

/**
 * Acts on an event: reads its object again and records its present state. Repeated, late or out of order, it ends in
 * the same state. Throws when Stripe can't be asked; the event is processed again then. `ignored`: not ours to act
 * on.
 */
export type EventHandler = (
  ctx: { db: Db; now: Date },
  event: ReceivedEvent,
) => Promise<"processed" | "ignored">
