import { MINUTE_MS, SECOND_MS } from "@/lib/clock"
import { env } from "@/lib/env"
import { perProcess } from "@/lib/per-process"
import { RateLimitedError } from "./errors"

const WINDOW_MS = MINUTE_MS
/** Of each kind so many are remembered; the oldest goes first. A flood of inventions must not fill the memory. */
const MAX_SUBJECTS = 20_000

/** A subject's minute. */
type Window = { endsAt: number; left: number }

/**
 * Counts by subject, within a minute that begins with the first. In memory, because to ask a database would cost more than
 * what it is to prevent: each process counts by itself.
 */
export class RateLimit {
  private readonly windows = new Map<string, Window>()
  private readonly policy: string

  constructor(
    private readonly name: string,
    private readonly quota: number,
  ) {
    this.policy = `"${name}";q=${quota};w=${WINDOW_MS / SECOND_MS}`
  }

  /** Whether anything of the subject is remembered. */
  has(subject: string): boolean {
    return this.windows.has(subject)
  }

  /** Counts one. Throws RateLimitedError if nothing is left. */
  take(subject: string, now: number): Window {
    const window = this.windowOf(subject, now)
    if (window.left === 0) throw this.refusal(window, now)
    window.left -= 1
    return window
  }

  /** Throws RateLimitedError if nothing is left. Counts nothing. */
  requireLeft(subject: string, now: number): void {
    const window = this.windows.get(subject)
    if (window?.left === 0 && window.endsAt > now) throw this.refusal(window, now)
  }

  /** Counts one that has happened already. */
  count(subject: string, now: number): void {
    const window = this.windowOf(subject, now)
    window.left = Math.max(0, window.left - 1)
  }

  private windowOf(subject: string, now: number): Window {
    const known = this.windows.get(subject)
    if (known && known.endsAt > now) return known
    // Put last, so that the first is always the oldest.
    this.windows.delete(subject)
    const window = { endsAt: now + WINDOW_MS, left: this.quota }
    this.windows.set(subject, window)
    const oldest = this.windows.size > MAX_SUBJECTS ? this.windows.keys().next().value : undefined
    if (oldest !== undefined) this.windows.delete(oldest)
    return window
  }

  /** What is left, as draft-ietf-httpapi-ratelimit-headers-11 says it. */
  headers({ left, endsAt }: Window, now: number): Record<string, string> {
    return {
      "ratelimit-policy": this.policy,
      ratelimit: `"${this.name}";r=${left};t=${secondsUntil(endsAt, now)}`,
    }
  }

  private refusal(window: Window, now: number): RateLimitedError {
    return new RateLimitedError(secondsUntil(window.endsAt, now), this.headers(window, now))
  }
}

const secondsUntil = (at: number, now: number) => Math.ceil((at - now) / SECOND_MS)

/** What this process has counted of requests to the API. */
export function apiLimits() {
  return perProcess("api-limits", () => {
    const { API_RATE_PER_KEY, API_RATE_PER_ADDRESS, API_RATE_UNKNOWN_KEYS } = env()
    return {
      addresses: new RateLimit("address", API_RATE_PER_ADDRESS),
      /** Holds keys that are good. Invented ones would push them out. */
      keys: new RateLimit("key", API_RATE_PER_KEY),
      /** Of each address, the keys that the database didn't know. */
      unknownKeys: new RateLimit("unknown-keys", API_RATE_UNKNOWN_KEYS),
    }
  })
}
