import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { CATALOG } from "@/lib/catalog/catalog"
import { PLAN_CODES } from "@/lib/catalog/schema"
import { NANOS_PER_CENT, NANOS_PER_USD } from "@/lib/money/usd"
import { isLarger, largestPlan, raisedAllowances, raisedCredits } from "./raised-credits"

const period = { start: new Date("2026-11-01T00:00:00Z"), end: new Date("2026-12-01T00:00:00Z") }
const on = (text: string) => new Date(text)

describe("what a larger plan adds within a period", () => {
  test.each([
    ["at its start, the whole difference", "build", "max", "2026-11-01T00:00:00Z", 80n * NANOS_PER_USD],
    ["in the middle, half of it", "build", "max", "2026-11-16T00:00:00Z", 40n * NANOS_PER_USD],
    ["from free", "free", "build", "2026-11-16T00:00:00Z", 10n * NANOS_PER_USD],
    ["a third through, cut to the cent", "build", "max", "2026-11-10T23:59:59Z", 53_330_000_000n],
    ["before it began, no more than all", "build", "max", "2026-10-01T00:00:00Z", 80n * NANOS_PER_USD],
    ["at its end, nothing", "build", "max", "2026-12-01T00:00:00Z", 0n],
    ["after it, nothing", "build", "max", "2027-01-01T00:00:00Z", 0n],
    ["for a smaller plan, nothing", "max", "build", "2026-11-16T00:00:00Z", 0n],
    ["for the same plan, nothing", "max", "max", "2026-11-16T00:00:00Z", 0n],
  ] as const)("%s", (_, from, to, at, nanos) => {
    expect(raisedCredits(from, to, period, on(at))).toBe(nanos)
  })

  test("is whole cents and never more than the difference, at any time", () => {
    const anyPlan = fc.constantFrom(...PLAN_CODES)
    const anyTime = fc.date({
      min: on("2026-10-01T00:00:00Z"),
      max: on("2027-01-01T00:00:00Z"),
      noInvalidDate: true,
    })
    fc.assert(
      fc.property(anyPlan, anyPlan, anyTime, (from, to, at) => {
        const nanos = raisedCredits(from, to, period, at)
        const difference = CATALOG.plans[to].includedNanos - CATALOG.plans[from].includedNanos
        return nanos >= 0n && nanos % NANOS_PER_CENT === 0n && (nanos === 0n || nanos <= difference)
      }),
    )
  })
})

describe("the allowances that a larger plan adds", () => {
  const tokens = (from: "build" | "max", to: "build" | "max" | "business", at: string) =>
    raisedAllowances(from, to, period, on(at)).find(({ consumable }) => consumable === "llm_tokens")?.quantity

  test.each([
    ["at the period’s start are the whole difference", "build", "max", "2026-11-01T00:00:00Z", 20_000_000n],
    ["in the middle, half of it", "build", "max", "2026-11-16T00:00:00Z", 10_000_000n],
    // An upgrade for 39 cents gave 70 M tokens for nothing.
    ["in its last hour, an hour’s worth", "build", "business", "2026-11-30T23:00:00Z", 97_222n],
    ["at its end, none", "build", "max", "2026-12-01T00:00:00Z", undefined],
    ["for a smaller plan, none", "max", "build", "2026-11-16T00:00:00Z", undefined],
  ] as const)("%s", (_, from, to, at, quantity) => {
    expect(tokens(from, to, at)).toBe(quantity)
  })
})

test("the largest plan of a period is what counts against the next", () => {
  expect(largestPlan("build", ["business", "max"])).toBe("business")
  expect(largestPlan("max", [])).toBe("max")
  expect(isLarger("max", "build")).toBe(true)
  expect(isLarger("max", "max")).toBe(false)
})
