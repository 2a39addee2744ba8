import fc from "fast-check"
import { expect, test } from "vitest"
import { MAX_NANOS } from "@/lib/money/usd"
import { fromCents, toCents } from "./cents"

test("every whole number of cents goes to Stripe and back without loss", () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: MAX_NANOS / 10_000_000n }), (cents) => {
      expect(fromCents(toCents(cents * 10_000_000n))).toBe(cents * 10_000_000n)
    }),
  )
})

test("a part of a cent is refused, never rounded", () => {
  fc.assert(
    fc.property(
      fc.bigInt({ min: 0n, max: 10n ** 15n }),
      fc.bigInt({ min: 1n, max: 9_999_999n }),
      (cents, part) => {
        expect(() => toCents(cents * 10_000_000n + part)).toThrow("Only whole cents")
      },
    ),
  )
})

test.each([2n ** 53n * 10_000_000n, 10n ** 30n])("%s nanos are too much to be charged", (nanos) => {
  expect(() => toCents(nanos)).toThrow("too large")
})

test.each([0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53, 1e21])("%s is no number of cents", (cents) => {
  expect(() => fromCents(cents)).toThrow("not a whole number of cents")
})
