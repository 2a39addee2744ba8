import { MINUTE_MS } from "@/lib/clock"
import type { Db } from "@/lib/db/client"
import { type Asker, takeOfEach } from "./take-of-each"

export const STRIPE_WINDOW_MS = 10 * MINUTE_MS
/**
 * Nobody at work comes near these, because buying credits asks only twice. Each request leads to four calls to Stripe
 * at most.
 */
export const STRIPE_LIMITS = { user: 60, team: 120, address: 240 } as const

/**
 * Lets a browser's request ask Stripe, which answers only so many calls a second for all teams together. Called
 * before the first Stripe call of every action and page. Throws `TooManyAttemptsError` before anything is asked. An
 * attempt counts whatever its outcome.
 */
export async function admitToStripe({ db, now }: { db: Db; now: Date }, asker: Asker): Promise<void> {
  const shares = { name: "stripe", limits: STRIPE_LIMITS, windowMs: STRIPE_WINDOW_MS }
  await db.$transaction((tx) => takeOfEach(tx, shares, asker, now))
}
