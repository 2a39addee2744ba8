import { MINUTE_MS } from "@/lib/clock"
import type { Tx } from "@/lib/db/client"
import { type Asker, takeOfEach } from "./take-of-each"

// Enough for people who change their mind, too few for somebody who tests stolen cards.
export const CHECKOUT_WINDOW_MS = 10 * MINUTE_MS
export const CHECKOUT_LIMITS = { user: 15, team: 30, address: 60 } as const

/**
 * Counts one more opening of a place where a card can be entered: a checkout for credits or a plan, a form that saves
 * a card, Stripe's portal, from whichever page. Throws `TooManyAttemptsError` when its person, team or address has
 * used up this window. A repeated request that returns the same checkout is no attempt.
 */
export async function takeCheckoutAttempt(tx: Tx, asker: Asker, now: Date): Promise<void> {
  const shares = { name: "checkout", limits: CHECKOUT_LIMITS, windowMs: CHECKOUT_WINDOW_MS }
  await takeOfEach(tx, shares, asker, now)
}
