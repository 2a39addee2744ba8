import { MINUTE_MS } from "@/lib/clock"
import type { Db } from "@/lib/db/client"
import { type Asker, takeOfEach } from "./take-of-each"

export const STRIPE_WINDOW_MS = 10 * MINUTE_MS
/** Buying credits asks twice, so nobody at work comes near. Each request leads to four calls to Stripe at most. */
export const STRIPE_LIMITS = { user: 60, team: 120, address: 240 } as const

/**
 * Lets a request of a browser ask Stripe, which answers only so many calls a second, for all teams together. It comes
 * before the first call of every action and page that leads to one. Throws `TooManyAttemptsError`; nothing is asked then.
 * An attempt counts whatever comes of it.
 */
export async function admitToStripe({ db, now }: { db: Db; now: Date }, asker: Asker): Promise<void> {
  const shares = { name: "stripe", limits: STRIPE_LIMITS, windowMs: STRIPE_WINDOW_MS }
  await db.$transaction((tx) => takeOfEach(tx, shares, asker, now))
}
