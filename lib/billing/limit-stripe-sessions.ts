import { MINUTE_MS } from "@/lib/clock"
import type { Tx } from "@/lib/db/client"
import { takeAttempt } from "@/lib/rate-limits/take-attempt"

const WINDOW_MS = 10 * MINUTE_MS
// Enough for people who change their mind, too few for somebody who tests stolen cards.
const LIMITS = { user: 15, team: 30, address: 60 } as const

type Asking = { team: { id: string }; actor: { userId: string; address: string }; now: Date }

/** Counts a visit of Stripe's pages that is about to begin, or throws TooManyAttemptsError. */
export async function limitStripeSessions(tx: Tx, { team, actor, now }: Asking): Promise<void> {
  for (const [subject, limit] of [
    [`stripe-session:user:${actor.userId}`, LIMITS.user],
    [`stripe-session:team:${team.id}`, LIMITS.team],
    [`stripe-session:address:${actor.address}`, LIMITS.address],
  ] as const)
    await takeAttempt(tx, { subject, limit, windowMs: WINDOW_MS }, now)
}
