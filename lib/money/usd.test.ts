import fc from "fast-check"
import { describe, expect, test } from "vitest"
import {
  formatBalance,
  formatUsd,
  fromDecimalString,
  MAX_NANOS,
  NANOS_PER_CENT,
  NANOS_PER_USD,
  parseUsd,
  shownBalance,
  toDecimalString,
} from "./usd"

const anyNanos = fc.bigInt({ min: -MAX_NANOS, max: MAX_NANOS })

describe("parsing", () => {
  test("reads back every whole number of cents as it is written", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 99_999_999_999n }), (cents) => {
        const nanos = cents * NANOS_PER_CENT
        expect(parseUsd(toDecimalString(nanos))).toEqual({ ok: true, nanos })
      }),
    )
  })

  test.each([
    ["0", 0n],
    ["5", 5n * NANOS_PER_USD],
    ["5.5", 5_500_000_000n],
    ["0.01", NANOS_PER_CENT],
    ["007", 7n * NANOS_PER_USD],
    ["999999999.99", 999_999_999_990_000_000n],
    ["1,000", 1_000n * NANOS_PER_USD],
    ["1,000.00", 1_000n * NANOS_PER_USD],
    ["$1,000.00", 1_000n * NANOS_PER_USD],
    ["$25", 25n * NANOS_PER_USD],
    ["$ 25", 25n * NANOS_PER_USD],
    ["  25.00  ", 25n * NANOS_PER_USD],
    ["\u00a0$1,000.00\t", 1_000n * NANOS_PER_USD],
    ["999,999,999.99", 999_999_999_990_000_000n],
  ])("takes %s", (text, nanos) => {
    expect(parseUsd(text)).toEqual({ ok: true, nanos })
  })

  test.each([
    "",
    " ",
    "+5",
    "-5",
    "−5",
    "1e3",
    "0x10",
    "1,00",
    "1,0000",
    "10,00",
    "1.000,00",
    "1,000,00",
    "1000,000",
    "0,100",
    "0,100.00",
    ",100",
    "1,",
    "1, 000",
    "1 000",
    "$",
    "$$5",
    "$5$",
    "5$",
    "-$5",
    "$-5",
    "−$5.00",
    "+$5.00",
    "$+5",
    "($5.00)",
    "1,234,567,890",
    "1_000",
    ".5",
    "5.",
    "5..5",
    "5.5.5",
    "٥",
    "５",
    "NaN",
    "5\n",
    "5 5",
    "1234567890",
  ])("refuses %o", (text) => {
    expect(parseUsd(text)).toEqual({ ok: false, reason: "not_an_amount" })
  })

  test.each(["5.001", "5.000", "0.123456789", "$1,000.001"])("finds %s too precise", (text) => {
    expect(parseUsd(text)).toEqual({ ok: false, reason: "too_precise" })
  })

  test("reads back every whole number of cents as people see it", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 99_999_999_999n }), (cents) => {
        const nanos = cents * NANOS_PER_CENT
        expect(parseUsd(formatUsd(nanos))).toEqual({ ok: true, nanos })
      }),
    )
  })

  test("never gives what BIGINT can’t hold, or a part of a cent", () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), fc.stringMatching(/^[ $]{0,2}[\d,]{1,30}(\.\d{0,4})? ?$/)),
        (text) => {
          const parsed = parseUsd(text)
          if (!parsed.ok) return
          expect(parsed.nanos <= MAX_NANOS && parsed.nanos % NANOS_PER_CENT === 0n).toBe(true)
        },
      ),
    )
  })
})

describe("the decimal text", () => {
  test("is exact, and reads back to the nano", () => {
    fc.assert(
      fc.property(anyNanos, (nanos) => {
        expect(fromDecimalString(toDecimalString(nanos))).toBe(nanos)
      }),
    )
  })

  test.each(["", "1", "1.5", "+1.00", "1.0000000001", "1,000.00", " 1.00", "1e3.00"])(
    "%j is none",
    (text) => {
      expect(() => fromDecimalString(text)).toThrow("Not an exact amount")
    },
  )

  test.each([
    [0n, "0.00"],
    [1n, "0.000000001"],
    [-500_000_000n, "-0.50"],
    [1_234_560_000_000n, "1234.56"],
    [125_000n, "0.000125"],
    [MAX_NANOS, "9223372036.854775807"],
  ])("of %s is %s", (nanos, text) => {
    expect(toDecimalString(nanos)).toBe(text)
  })
})

describe("what people see", () => {
  test.each([
    [1_234_560_000_000n, {}, "$1,234.56"],
    [-420_000_000n, {}, "−$0.42"],
    [25_000_000_000n, { sign: "always" }, "+$25.00"],
    [0n, { sign: "always" }, "$0.00"],
    [-125_000n, { precision: "exact" }, "−$0.000125"],
    [-1n, { precision: "exact" }, "−$0.000000001"],
    [MAX_NANOS, { precision: "exact" }, "$9,223,372,036.854775807"],
    [9_999_999_999n, {}, "$10.00"],
    [17_964_999_999n, {}, "$17.96"],
    [17_965_000_000n, {}, "$17.97"],
    [-17_965_000_000n, {}, "−$17.97"],
    [-4_999_999n, {}, "<$0.01"],
    [4_999_999n, { sign: "always" }, "<$0.01"],
    [-1n, {}, "<$0.01"],
    [9_999_999n, {}, "<$0.01"],
    [-10_000_000n, {}, "−$0.01"],
    [MAX_NANOS, {}, "$9,223,372,036.85"],
  ] as const)("of %s with %o is %s", (nanos, options, text) => {
    expect(formatUsd(nanos, options)).toBe(text)
  })

  test.each([
    [9_999_999_999n, "$9.99"],
    [10_000_000n, "$0.01"],
    [9_999_999n, "$0.00"],
    [0n, "$0.00"],
    [-1n, "$0.00"],
    [-9_999_999n, "$0.00"],
    [-10_000_000n, "−$0.01"],
    [-10_000_001n, "−$0.02"],
    [-4_819_998_400n, "−$4.82"],
    [-12_000_000_000n, "−$12.00"],
  ])("of a balance of %s is %s", (nanos, text) => {
    expect(formatBalance(nanos)).toBe(text)
  })

  test("of a balance is never more than there is, except a debt of less than a cent", () => {
    fc.assert(
      fc.property(anyNanos, (nanos) => {
        const lost = nanos - shownBalance(nanos)
        const isTinyDebt = nanos < 0n && nanos > -NANOS_PER_CENT
        expect(lost >= 0n || isTinyDebt).toBe(true)
        expect(lost < NANOS_PER_CENT && shownBalance(nanos) % NANOS_PER_CENT === 0n).toBe(true)
      }),
    )
  })
})
