import { expect, test } from "vitest"
import { RateLimitedError } from "./errors"
import { RateLimit } from "./rate-limit"

const START = 1_000_000
const MINUTE = 60_000

function refusalOf(limit: RateLimit, subject: string, now: number): RateLimitedError | null {
  try {
    limit.take(subject, now)
    return null
  } catch (error) {
    if (error instanceof RateLimitedError) return error
    throw error
  }
}

test("lets exactly the quota pass within a minute of the first, and says what is left and for how long", () => {
  const limit = new RateLimit("key", 3)
  const take = (now: number) => limit.headers(limit.take("a", now), now)
  expect(take(START)).toEqual({
    "ratelimit-policy": '"key";q=3;w=60',
    ratelimit: '"key";r=2;t=60',
  })
  expect(take(START + 1_500).ratelimit).toBe('"key";r=1;t=59')
  expect(take(START + MINUTE - 1).ratelimit).toBe('"key";r=0;t=1')
  expect(refusalOf(limit, "a", START + MINUTE - 1)).toMatchObject({
    code: "rate_limited",
    status: 429,
    retryAfterSeconds: 1,
    title: "Too many requests. Send the same request again in 1 second.",
    headers: { "ratelimit-policy": '"key";q=3;w=60', ratelimit: '"key";r=0;t=1' },
  })
  expect(take(START + MINUTE).ratelimit).toBe('"key";r=2;t=60')
})

test("counts each subject by itself", () => {
  const limit = new RateLimit("key", 1)
  limit.take("a", START)
  expect(refusalOf(limit, "a", START)).not.toBeNull()
  expect(refusalOf(limit, "b", START)).toBeNull()
})

test("a limit that only counts refuses when asked whether any is left", () => {
  const limit = new RateLimit("unknown-keys", 2)
  for (let n = 0; n < 5; n++) limit.count("a", START)
  expect(() => limit.requireLeft("a", START)).toThrow(RateLimitedError)
  limit.requireLeft("b", START)
  limit.requireLeft("a", START + MINUTE)
})

test("remembers twenty thousand, and forgets whoever has been away longest for another", () => {
  const limit = new RateLimit("address", 5)
  for (let n = 0; n < 100_000; n++) limit.take(`a${n}`, START + n)
  expect(limit.has("a79999")).toBe(false)
  expect(limit.has("a80000")).toBe(true)
  expect(limit.has("a99999")).toBe(true)
  limit.requireLeft("a80000", START + 100_000)
  limit.take("one more", START + 100_000)
  expect([limit.has("a80000"), limit.has("a80001")]).toEqual([true, false])
})
