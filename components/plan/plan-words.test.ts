import { expect, test } from "vitest"
import { compact, membersInWords, nextInWords, periodInWords } from "./plan-words"

const now = new Date("2026-11-25T12:00:00Z")
const end = new Date("2026-12-01T00:00:00Z")
const plain = {
  source: "subscription",
  end,
  cancelAt: null,
  hasScheduledChange: false,
  nextPlan: null,
  isWaiting: false,
} as const

test.each([
  ["a renewal", {}, "Renews on 1 December"],
  ["a cancellation", { cancelAt: end }, "Ends on 1 December, then Free"],
  ["a smaller plan", { hasScheduledChange: true, nextPlan: "Build" }, "Changes to Build on 1 December"],
  ["a change that isn’t known", { hasScheduledChange: true }, "Changes on 1 December"],
  [
    "a cancellation before a change",
    { cancelAt: end, hasScheduledChange: true },
    "Ends on 1 December, then Free",
  ],
  ["silence", { isWaiting: true }, "Renewing: waiting for Stripe to confirm"],
])("%s is said", (_, change, words) => {
  expect(nextInWords({ ...plain, ...change }, now)).toBe(words)
})

test("periods, quantities and members are short", () => {
  expect(periodInWords({ start: new Date("2026-11-01T00:00:00Z"), end })).toBe("1 Nov – 1 Dec")
  expect([compact(0), compact(999), compact(3_240_000), compact(0.5)]).toEqual(["0", "999", "3.2M", "0.5"])
  expect([membersInWords(1), membersInWords(1_200)]).toEqual(["1 member", "1,200 members"])
})
