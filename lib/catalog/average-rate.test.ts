import { expect, test } from "vitest"
import { averageInWords } from "./average-rate"

const PER_MILLION = { units: 1_000_000n, words: "per million tokens" }
const PER_HOUR = { units: 1n, words: "per hour" }

test.each([
  ["nothing used", 0n, 0n, 0, PER_MILLION, null],
  ["taken back in full", -5n, 0n, 0, PER_MILLION, null],
  ["all from the allowance", 9_000_000n, 0n, 0, PER_MILLION, "$0.00"],
  ["a part from the allowance", 10_000_000n, 24_000_000_000n, 0, PER_MILLION, "$2.40"],
  ["more digits than one reads", 3n, 10_000_000_000n, 0, PER_HOUR, "$3.3333"],
  ["half a step, rounded up", 1n, 150_000n, 0, PER_HOUR, "$0.0002"],
  ["thousandths of an hour", 1_500n, 900_000_000n, 3, PER_HOUR, "$0.60"],
  ["next to nothing", 10_000_000n, 1n, 0, PER_HOUR, "less than $0.0001"],
  ["more than a double holds", 9_007_199_254_740_993n, 18_014_398_509_481_986n, 0, PER_MILLION, "$0.002"],
])("%s", (_, quantity, costNanos, decimals, base, words) => {
  expect(averageInWords({ quantity, costNanos }, { decimals }, base)).toBe(words)
})
