import { MINUTE_MS } from "@/lib/clock"
import type { Tx } from "@/lib/db/client"
import { takeAttempt } from "./take-attempt"

// Enough for people who change their mind, too few for somebody who tests stolen cards.
export const CHECKOUT_WINDOW_MS = 10 * MINUTE_MS
export const CHECKOUT_LIMITS = { user: 15, team: 30, address: 60 } as const

/**
 * Counts one more place where a card can be entered - a checkout for credits or a plan, a form that saves a card, Stripe's
 * portal - against its person, team and address, whichever page asked for it. Throws `TooManyAttemptsError` when one of the three has had its share of this
 * window. A repeated request that gives the same checkout again is no attempt.
 */
export async function takeCheckoutAttempt(
  tx: Tx,
  { userId, teamId, address }: { userId: string; teamId: string; address: string },
  now: Date,
): Promise<void> {
  const counted = { user: userId, team: teamId, address }
  // Always in this order: two attempts that want the same counters can't wait for each other in a circle.
  for (const kind of ["user", "team", "address"] as const) {
    const subject = `checkout:${kind}:${counted[kind]}`
    await takeAttempt(tx, { subject, limit: CHECKOUT_LIMITS[kind], windowMs: CHECKOUT_WINDOW_MS }, now)
  }
}
