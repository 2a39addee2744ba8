import { HOUR_MS, MINUTE_MS } from "@/lib/clock"
import type { Tx } from "@/lib/db/client"
import { TooManyAttemptsError } from "@/lib/errors"
import { takeAttempt } from "@/lib/rate-limits/take-attempt"

/** Limits on what a team's people do by hand. Each such act makes a server of their choice work for us, or us for it. */
export const LIMITS = {
  "add-endpoint": {
    limit: 30,
    windowMs: HOUR_MS,
    sentence: "Your team has tried 30 addresses within an hour, which is the limit. Try again in an hour.",
  },
  // An endpoint that is turned on starts afresh, whatever its past.
  "turn-on": {
    limit: 30,
    windowMs: HOUR_MS,
    sentence:
      "Your team has turned endpoints on 30 times within an hour, which is the limit. Try again in an hour.",
  },
  "send-by-hand": {
    limit: 30,
    windowMs: 10 * MINUTE_MS,
    sentence:
      "Your team has sent 30 events by hand within ten minutes, which is the limit. Try again in ten minutes.",
  },
} as const

/** Counts one more, or throws `TooManyAttemptsError` with a sentence that names the limit. */
export async function takeWebhookAttempt(
  tx: Tx,
  teamId: string,
  what: keyof typeof LIMITS,
  now: Date,
): Promise<void> {
  const { limit, windowMs, sentence } = LIMITS[what]
  try {
    await takeAttempt(tx, { subject: `webhooks:${what}:${teamId}`, limit, windowMs }, now)
  } catch (error) {
    throw error instanceof TooManyAttemptsError ? new TooManyAttemptsError(sentence) : error
  }
}
