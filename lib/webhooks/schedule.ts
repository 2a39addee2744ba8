import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from "@/lib/clock"

/** The wait after each failed try: eight tries over 27 hours and a half. */
const DELAYS_MS = [
  5 * SECOND_MS,
  5 * MINUTE_MS,
  30 * MINUTE_MS,
  2 * HOUR_MS,
  5 * HOUR_MS,
  10 * HOUR_MS,
  10 * HOUR_MS,
]
export const MAX_TRIES = DELAYS_MS.length + 1
/** The most that is added at random, so that deliveries that failed together don't come back together. */
const JITTER = 0.1
/** The longest wait that a receiver may ask for. */
const LONGEST_WAIT_MS = DAY_MS

/** An endpoint that takes longer to answer rests like one that nothing reaches, because it would keep others waiting. */
export const SLOW_MS = 5 * SECOND_MS
const FIRST_REST_MS = 5 * SECOND_MS
const LONGEST_REST_MS = 10 * MINUTE_MS

/**
 * Returns the time of the next try after this many failures. Null: no more. A receiver may ask for a later one.
 * `roll`: from 0 to 1.
 */
export function nextTryAt(
  tries: number,
  retryAfter: string | null,
  now: Date,
  roll = Math.random(),
): Date | null {
  const delayMs = DELAYS_MS[tries - 1]
  if (delayMs === undefined) return null
  const askedMs = Math.min(readRetryAfter(retryAfter, now), LONGEST_WAIT_MS)
  return new Date(now.getTime() + Math.max(delayMs * (1 + JITTER * roll), askedMs))
}

/** Returns how long an endpoint rests after this many rounds in a row in which nothing reached it, or only slowly. */
export function restMs(failures: number): number {
  return Math.min(FIRST_REST_MS * 2 ** Math.min(failures - 1, 20), LONGEST_REST_MS)
}

/** Seconds, or a date. Anything else asks for nothing. */
function readRetryAfter(text: string | null, now: Date): number {
  if (text === null) return 0
  if (/^[0-9]{1,9}$/.test(text)) return Number(text) * SECOND_MS
  const at = Date.parse(text)
  return Number.isNaN(at) ? 0 : Math.max(0, at - now.getTime())
}
