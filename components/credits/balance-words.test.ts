import { describe, expect, test } from "vitest"
import { debtInWords, emptyInWords, paceInWords } from "./balance-words"

describe("paceInWords", () => {
  const lasting = (days: number) => paceInWords({ balanceNanos: 1n, pace: { days } })

  test("rounds down, so that it never promises a day too many", () => {
    expect(lasting(12.9)).toBe("lasts about 12 days at this pace")
    expect(lasting(1.9)).toBe("lasts about 1 day at this pace")
  })

  test("gives up on numbers below a day and above a year", () => {
    expect(lasting(0.4)).toBe("lasts less than a day at this pace")
    expect(lasting(12_345)).toBe("lasts more than a year at this pace")
  })

  test("says nothing without a pace, and nothing about an empty or negative balance", () => {
    expect(paceInWords({ balanceNanos: 1n, pace: null })).toBeNull()
    expect(paceInWords({ balanceNanos: 0n, pace: { days: 3 } })).toBeNull()
    expect(paceInWords({ balanceNanos: -1n, pace: { days: 3 } })).toBeNull()
  })
})

test("emptyInWords names the day in UTC, wherever it is read", () => {
  expect(emptyInWords("2026-12-01T00:00:00.000Z", true)).toContain("wait until 1 December.")
  expect(emptyInWords("2026-12-01T00:00:00.000Z", false)).toContain("or on 1 December.")
})

test("debtInWords names what the debt came from", () => {
  expect(debtInWords()).toMatch(/^A refund was larger/)
  expect(debtInWords("dispute")).toMatch(/^A disputed payment was larger/)
})
