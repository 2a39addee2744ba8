import fc from "fast-check"
import { expect, test } from "vitest"
import { centsThatAddUp } from "./cents-that-add-up"
import { NANOS_PER_CENT, shownBalance } from "./usd"

const sum = (parts: bigint[]) => parts.reduce((total, part) => total + part, 0n)
const parts = fc.array(fc.bigInt({ min: -(10n ** 15n), max: 10n ** 15n }), { minLength: 1, maxLength: 8 })

test("the parts add up to the balance as it is shown, each within a cent of what it is", () => {
  fc.assert(
    fc.property(parts, (exact) => {
      const shown = centsThatAddUp(exact)
      expect(sum(shown)).toBe(shownBalance(sum(exact)))
      for (const [index, part] of exact.entries()) {
        const difference = (shown[index] ?? 0n) - part
        expect(difference < NANOS_PER_CENT && difference > -NANOS_PER_CENT).toBe(true)
        if (part % NANOS_PER_CENT === 0n) expect(difference).toBe(0n)
      }
    }),
  )
})

test.each([
  ["a first tiny spend", [50_000_000_000n, -4_100_000n], [50_000_000_000n, -10_000_000n]],
  [
    "a debt",
    [25_000_000_000n, -4_819_998_400n, -25_000_000_000n],
    [25_000_000_000n, -4_820_000_000n, -25_000_000_000n],
  ],
  ["a debt of less than a cent", [10_000_000n, -14_000_000n], [10_000_000n, -10_000_000n]],
  ["two that lost", [1_006_000_000n, 2_007_000_000n], [1_000_000_000n, 2_010_000_000n]],
])("%s", (_, exact, shown) => {
  expect(centsThatAddUp(exact)).toEqual(shown)
})
