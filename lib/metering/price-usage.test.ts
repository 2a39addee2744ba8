import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { CATALOG } from "@/lib/catalog/catalog"
import { CONSUMABLE_CODES, MAX_RECORD_COST_NANOS, PLAN_CODES } from "@/lib/catalog/schema"
import { priceUsage } from "./price-usage"

const anyUsage = fc
  .record({
    plan: fc.constantFrom(...PLAN_CODES),
    consumable: fc.constantFrom(...CONSUMABLE_CODES),
  })
  .chain(({ plan, consumable }) => {
    const { maxQuantity, decimals } = CATALOG.consumables[consumable]
    return fc.record({
      quantity: fc.bigInt({ min: 0n, max: maxQuantity }),
      allowanceLeft: fc.bigInt({ min: -maxQuantity, max: maxQuantity }),
      decimals: fc.constant(decimals),
      // Includes rates that don't divide by the scale, so that rounding occurs.
      rateNanos: fc.oneof(
        fc.constant(CATALOG.plans[plan].terms[consumable].rateNanos),
        fc.bigInt({ min: 1n, max: 9_999n }),
      ),
    })
  })

describe("the price of a record", () => {
  test.each([
    ["all of it beyond the allowance", 1_000n, 0n, 0, 3_000n, 3_000_000n, 0n],
    ["a part beyond the allowance", 1_000n, 400n, 0, 3_000n, 1_800_000n, 400n],
    ["just the allowance", 1_000n, 1_000n, 0, 3_000n, 0n, 1_000n],
    ["less than the allowance", 1_000n, 1_001n, 0, 3_000n, 0n, 1_000n],
    ["with more used than a smaller plan allows", 1_000n, -5n, 0, 3_000n, 3_000_000n, 0n],
    ["of nothing", 0n, 10n, 0, 3_000n, 0n, 0n],
    ["of nothing, without an allowance", 0n, 0n, 3, 1n, 0n, 0n],
    ["1.5 hours at $0.50", 1_500n, 0n, 3, 500_000_000n, 750_000_000n, 0n],
    ["1.5 hours with one left", 1_500n, 1_000n, 3, 500_000_000n, 250_000_000n, 1_000n],
    ["just below half a nano", 499n, 0n, 3, 1n, 0n, 0n],
    ["half a nano", 500n, 0n, 3, 1n, 1n, 0n],
    ["one and a half nanos", 1_500n, 0n, 3, 1n, 2n, 0n],
    ["two and a half nanos", 2_500n, 0n, 3, 1n, 3n, 0n],
    ["two thirds of a nano", 667n, 0n, 3, 1n, 1n, 0n],
    ["half of a tenth", 5n, 0n, 1, 1n, 1n, 0n],
    ["below half of a tenth", 4n, 0n, 1, 1n, 0n, 0n],
  ])("%s", (_, quantity, allowanceLeft, decimals, rateNanos, costNanos, allowanceQuantity) => {
    expect(priceUsage({ quantity, allowanceLeft, decimals, rateNanos })).toEqual({
      costNanos,
      allowanceQuantity,
    })
  })

  test("is within half a nano of the exact one, and goes up at the half", () => {
    fc.assert(
      fc.property(anyUsage, (usage) => {
        const { costNanos, allowanceQuantity } = priceUsage(usage)
        const scale = 10n ** BigInt(usage.decimals)
        const twiceError = 2n * (costNanos * scale - (usage.quantity - allowanceQuantity) * usage.rateNanos)
        expect(twiceError > -scale && twiceError <= scale).toBe(true)
      }),
    )
  })

  test("takes from the allowance first, as much as there is and no more than is used", () => {
    fc.assert(
      fc.property(anyUsage, (usage) => {
        const { costNanos, allowanceQuantity } = priceUsage(usage)
        expect(allowanceQuantity >= 0n && allowanceQuantity <= usage.quantity).toBe(true)
        if (usage.allowanceLeft >= usage.quantity) expect(costNanos).toBe(0n)
        else expect(allowanceQuantity).toBe(usage.allowanceLeft > 0n ? usage.allowanceLeft : 0n)
      }),
    )
  })

  test("is never negative, and never above a million dollars", () => {
    fc.assert(
      fc.property(anyUsage, (usage) => {
        const { costNanos } = priceUsage(usage)
        expect(costNanos >= 0n && costNanos <= MAX_RECORD_COST_NANOS).toBe(true)
      }),
    )
  })

  test("never falls with more usage, and never rises with more allowance", () => {
    fc.assert(
      fc.property(anyUsage, fc.bigInt({ min: 0n, max: 10_000n }), (usage, more) => {
        const { costNanos } = priceUsage(usage)
        expect(priceUsage({ ...usage, quantity: usage.quantity + more }).costNanos).toBeGreaterThanOrEqual(
          costNanos,
        )
        expect(
          priceUsage({ ...usage, allowanceLeft: usage.allowanceLeft + more }).costNanos,
        ).toBeLessThanOrEqual(costNanos)
      }),
    )
  })

  test("of a record that is split differs by less than a nano for each part", () => {
    fc.assert(
      fc.property(anyUsage, fc.bigInt({ min: 0n, max: 10_000n }), (usage, more) => {
        const alone = { ...usage, allowanceLeft: 0n }
        const parts = priceUsage(alone).costNanos + priceUsage({ ...alone, quantity: more }).costNanos
        const whole = priceUsage({ ...alone, quantity: usage.quantity + more }).costNanos
        expect(parts - whole >= -1n && parts - whole <= 1n).toBe(true)
      }),
    )
  })
})

test.each([
  ["negative usage", { quantity: -1n }, "Usage can’t be negative."],
  ["a rate of nothing", { rateNanos: 0n }, "A rate must be above zero."],
  ["a negative rate", { rateNanos: -1n }, "A rate must be above zero."],
])("throws at %s instead of paying somebody", (_, wrong, sentence) => {
  const usage = { quantity: 1n, allowanceLeft: 0n, decimals: 0, rateNanos: 1n, ...wrong }
  expect(() => priceUsage(usage)).toThrow(new RangeError(sentence))
})
