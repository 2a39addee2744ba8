import { expect, test } from "vitest"
import { HOUR_MS, MINUTE_MS } from "@/lib/clock"
import { MAX_TRIES, nextTryAt, restMs } from "./schedule"

const NOW = new Date("2026-11-27T12:00:00.000Z")
const inMs = (tries: number, retryAfter: string | null, roll: number) => {
  const at = nextTryAt(tries, retryAfter, NOW, roll)
  return at && at.getTime() - NOW.getTime()
}

test("eight tries over more than 27 hours, and no ninth", () => {
  expect(MAX_TRIES).toBe(8)
  const delays = Array.from({ length: 8 }, (_, n) => inMs(n + 1, null, 0))
  expect(delays.map((ms) => ms && ms / 1_000)).toEqual([5, 300, 1_800, 7_200, 18_000, 36_000, 36_000, null])
  const sum = delays.reduce<number>((total, ms) => total + (ms ?? 0), 0)
  expect(sum).toBeGreaterThan(27 * HOUR_MS)
})

test("up to a tenth later, so that what failed together doesn't come back together", () => {
  expect(inMs(2, null, 1)).toBe(5.5 * MINUTE_MS)
})

test.each([
  ["120", 120_000],
  ["Fri, 27 Nov 2026 12:10:00 GMT", 10 * MINUTE_MS],
  ["1", 5_000],
  ["999999999", 24 * HOUR_MS],
  ["Fri, 27 Nov 2020 12:10:00 GMT", 5_000],
  ["soon", 5_000],
  ["-5", 5_000],
])("a receiver that says Retry-After: %s is waited for", (text, ms) => {
  expect(inMs(1, text, 0)).toBe(ms)
})

test("an endpoint rests for longer and longer, ten minutes at most", () => {
  expect([1, 2, 3, 20, 10_000].map((failures) => restMs(failures) / 1_000)).toEqual([5, 10, 20, 600, 600])
})
