import type { Tx } from "@/lib/db/client"
import { TooManyAttemptsError } from "@/lib/errors"

export type RateLimit = { subject: string; limit: number; windowMs: number }

/**
 * Counts one attempt of the subject in the current window, or throws `TooManyAttemptsError` when the window is full.
 * Part of the caller's transaction: a rolled-back attempt doesn't count.
 */
export async function takeAttempt(tx: Tx, { subject, limit, windowMs }: RateLimit, now: Date): Promise<void> {
  const windowStart = new Date(now.getTime() - (now.getTime() % windowMs))
  const counted = await tx.$executeRaw`
    INSERT INTO rate_limits AS r (subject, window_start, attempts) VALUES (${subject}, ${windowStart}, 1)
    ON CONFLICT (subject, window_start) DO UPDATE SET attempts = r.attempts + 1 WHERE r.attempts < ${limit}`
  if (counted === 0) throw new TooManyAttemptsError()
}
