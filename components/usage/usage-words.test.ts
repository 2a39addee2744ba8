import { expect, test } from "vitest"
import { comparisonInWords, rangeInWords, shareOf } from "./usage-words"

const now = new Date("2026-12-05T12:00:00Z")
const november = { from: "2026-11-01", to: "2026-11-30" }

test.each([
  ["30d", { from: "2026-11-06", to: "2026-12-05" }, "in the last 30 days"],
  ["month", { from: "2026-12-01", to: "2026-12-05" }, "this month"],
  ["last_month", november, "in November"],
  ["last_month", { from: "2025-12-01", to: "2025-12-31" }, "in December 2025"],
  ["custom", november, "from 1 to 30 November"],
  ["custom", { from: "2026-02-28", to: "2026-03-01" }, "from 28 February to 1 March"],
  ["custom", { from: "2025-12-31", to: "2026-01-01" }, "from 31 December 2025 to 1 January"],
  ["custom", { from: "2024-02-29", to: "2024-02-29" }, "on 29 February 2024"],
] as const)("%s is said %s", (choice, range, words) => {
  expect(rangeInWords(choice, range, now)).toBe(words)
})

test.each([
  [112n, 100n, "12% more than the 30 days before"],
  [88n, 100n, "12% less than the 30 days before"],
  [100n, 100n, "as much as the 30 days before"],
  [0n, 100n, "100% less than the 30 days before"],
  [1_000n, 100n, "10 times the 30 days before"],
  [5n, 0n, "nothing in the 30 days before"],
  [0n, 0n, ""],
])("%s after %s is said %s", (amount, before, words) => {
  expect(comparisonInWords(amount, before, november)).toBe(words)
})

test("a share is never more than it says, and of nothing it is nothing", () => {
  expect([shareOf(1n, 3n), shareOf(1n, 1_000n), shareOf(0n, 0n), shareOf(-1n, 5n), shareOf(5n, 5n)]).toEqual([
    33, 0.1, 0, 0, 100,
  ])
})
