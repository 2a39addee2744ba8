import { LRUCache } from "lru-cache"
import { MINUTE_MS, SECOND_MS } from "@/lib/clock"
import { env } from "@/lib/env"
import { perProcess } from "@/lib/per-process"
import { RateLimitedError } from "./errors"

const WINDOW_MS = MINUTE_MS
/** How many subjects of each kind are remembered, so that a flood of invented ones can't fill the memory. */
const MAX_SUBJECTS = 20_000

/** A subject's minute. */
type Window = { endsAt: number; left: number }

/**
 * Counts by subject, within a minute that begins with its first request. In memory, because asking a database would
 * cost more than the requests it prevents. Each process counts for itself.
 */
export class RateLimit {
  private readonly windows = new LRUCache<string, Window>({ max: MAX_SUBJECTS })
  private readonly policy: string

  constructor(
    private readonly name: string,
    private readonly quota: number,
  ) {
    this.policy = `"${name}";q=${quota};w=${WINDOW_MS / SECOND_MS}`
  }

  /** Whether the subject is remembered. */
  has(subject: string): boolean {
    return this.windows.has(subject)
  }

  /** Counts one request. Throws RateLimitedError if nothing is left. */
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

  /** Counts one that has already happened. */
  count(subject: string, now: number): void {
    const window = this.windowOf(subject, now)
    window.left = Math.max(0, window.left - 1)
  }

  private windowOf(subject: string, now: number): Window {
    const known = this.windows.get(subject)
    if (known && known.endsAt > now) return known
    const window = { endsAt: now + WINDOW_MS, left: this.quota }
    this.windows.set(subject, window)
    return window
  }

  /** Says what is left, in the form of draft-ietf-httpapi-ratelimit-headers-11. */
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

/** This process's counts of requests to the API. */
export function apiLimits() {
  return perProcess("api-limits", () => {
    const { API_RATE_PER_KEY, API_RATE_PER_ADDRESS, API_RATE_UNKNOWN_KEYS } = env()
    return {
      addresses: new RateLimit("address", API_RATE_PER_ADDRESS),
      /** Holds only good keys. Invented ones would push them out. */
      keys: new RateLimit("key", API_RATE_PER_KEY),
      /** Counts, per address, keys that the database didn't know. */
      unknownKeys: new RateLimit("unknown-keys", API_RATE_UNKNOWN_KEYS),
    }
  })
}
