import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { CATALOG } from "@/lib/catalog/catalog"
import { CONSUMABLE_CODES, type Consumable } from "@/lib/catalog/schema"
import { InvalidInputError } from "@/lib/errors"
import { formatQuantity, parseQuantity } from "./quantity"

const NOT_POSITIVE = "The quantity must be more than zero."
const SEND_A_STRING = 'Send decimals as a string, such as "1.5": a JSON number of them may not be exact.'
const TOO_PRECISE = "The quantity may have at most 3 decimals."
const NOT_HOURS = 'The quantity must be a number of hours in plain digits, such as 12 or "1.5".'
const NOT_TOKENS = 'The quantity must be a number of tokens in plain digits, such as 12 or "12".'
const NOT_WHOLE = "The quantity must be a whole number of tokens."
const TOO_MANY_HOURS = "One record may have at most 100,000 hours; send the rest in another."
const TOO_MANY_TOKENS = "One record may have at most 1,000,000,000 tokens; send the rest in another."

function refusalOf(value: unknown, consumable: Consumable): unknown {
  try {
    return parseQuantity(value, consumable)
  } catch (error) {
    return error
  }
}

describe("reading", () => {
  test.each([
    [1, "llm_tokens", 1n],
    ["1", "llm_tokens", 1n],
    ["007", "llm_tokens", 7n],
    [1_000_000_000, "llm_tokens", 1_000_000_000n],
    ["1000000000", "llm_tokens", 1_000_000_000n],
    [2, "agent_compute", 2_000n],
    ["2", "agent_compute", 2_000n],
    ["1.5", "agent_compute", 1_500n],
    ["1.50", "agent_compute", 1_500n],
    ["0.001", "agent_compute", 1n],
    ["100000.000", "agent_compute", 100_000_000n],
    [100_000, "agent_compute", 100_000_000n],
  ] as const)("takes %o of %s as %s", (value, consumable, quantity) => {
    expect(parseQuantity(value, consumable)).toBe(quantity)
  })

  test.each(["0", "00", "0.0", "0.000", "-0", "-0.0", "-1", "-1.5", "-1.23456", `-${"9".repeat(40)}`])(
    "refuses %o, which is not more than zero",
    (value) => {
      expect(refusalOf(value, "agent_compute")).toEqual(new InvalidInputError(NOT_POSITIVE, "quantity"))
    },
  )

  test.each([
    ["0", NOT_POSITIVE],
    ["-0", NOT_POSITIVE],
    ["-1", NOT_POSITIVE],
    ["-1.5", NOT_POSITIVE],
    ["-1e21", NOT_POSITIVE],
    ["1.5", SEND_A_STRING],
    ["0.1", SEND_A_STRING],
    ["1e-3", SEND_A_STRING],
    ["1e309", NOT_HOURS],
    ["-1e309", NOT_HOURS],
    ["1e21", TOO_MANY_HOURS],
    ["9007199254740993", TOO_MANY_HOURS],
    ["100001", TOO_MANY_HOURS],
    ["null", NOT_HOURS],
    ["true", NOT_HOURS],
    ["[]", NOT_HOURS],
    ["[5]", NOT_HOURS],
    ["{}", NOT_HOURS],
  ])("refuses the JSON %s of hours", (json, sentence) => {
    expect(refusalOf(JSON.parse(json), "agent_compute")).toEqual(new InvalidInputError(sentence, "quantity"))
  })

  test.each([
    ["100000.001", TOO_MANY_HOURS],
    ["9223372036854775807", TOO_MANY_HOURS],
    ["9223372036854775808", TOO_MANY_HOURS],
    ["9".repeat(100_000), TOO_MANY_HOURS],
    ["1.2345", TOO_PRECISE],
    ["1.0000", TOO_PRECISE],
    [`0.${"0".repeat(100_000)}1`, TOO_PRECISE],
  ])("refuses the text %s of hours", (text, sentence) => {
    expect(refusalOf(text, "agent_compute")).toEqual(new InvalidInputError(sentence, "quantity"))
  })

  test.each([
    ...["", " ", " 5 ", "5 ", " 5", "5\n", "5\u0000", "+5", "−5", "--5", ".5", "5.", "5..5", "5.5.5", "."],
    ...["1e3", "1E3", "1e-3", "1e21", "1e309", "0x10", "0b1", "0o7", "5n", "1_000", "1,000", "1,5", "1 000"],
    ...["NaN", "Infinity", "-Infinity", "null", "five", "१२", "１００", "٥", "Ⅴ", "½", "5٫5", "5%", "$5"],
    ...[Number.NaN, Number.POSITIVE_INFINITY, 5n, undefined, ["5"], { not: "" }, { toString: () => "5" }],
    ...[new Date(5), Object(5), Object("5"), Symbol.iterator, () => 5, false],
  ])("refuses %o, which is no number in plain digits", (value) => {
    expect(refusalOf(value, "llm_tokens")).toEqual(new InvalidInputError(NOT_TOKENS, "quantity"))
    expect(refusalOf(value, "agent_compute")).toEqual(new InvalidInputError(NOT_HOURS, "quantity"))
  })

  test.each([
    [1.5, NOT_WHOLE],
    ["1.5", NOT_WHOLE],
    ["1.0", NOT_WHOLE],
    [1_000_000_001, TOO_MANY_TOKENS],
    ["1000000001", TOO_MANY_TOKENS],
    [2 ** 53 + 2, TOO_MANY_TOKENS],
    ["9223372036854775808", TOO_MANY_TOKENS],
  ])("refuses %o tokens", (value, sentence) => {
    expect(refusalOf(value, "llm_tokens")).toEqual(new InvalidInputError(sentence, "quantity"))
  })

  test.each(CONSUMABLE_CODES)("takes the largest record of %s and refuses one step more", (consumable) => {
    const { maxQuantity } = CATALOG.consumables[consumable]
    expect(parseQuantity(formatQuantity(maxQuantity, consumable), consumable)).toBe(maxQuantity)
    expect(refusalOf(formatQuantity(maxQuantity + 1n, consumable), consumable)).toBeInstanceOf(
      InvalidInputError,
    )
  })

  test("gives a quantity within the maximum or refuses, whatever comes", () => {
    const anything = fc.oneof(
      fc.jsonValue(),
      fc.double(),
      fc.maxSafeInteger(),
      fc.stringMatching(/^-?[0-9]{1,25}(\.[0-9]{1,6})?$/),
    )
    fc.assert(
      fc.property(anything, fc.constantFrom(...CONSUMABLE_CODES), (value, consumable) => {
        const result = refusalOf(value, consumable)
        if (result instanceof InvalidInputError) return
        expect(result).toBeTypeOf("bigint")
        expect(result).toBeGreaterThan(0n)
        expect(result).toBeLessThanOrEqual(CATALOG.consumables[consumable].maxQuantity)
      }),
    )
  })
})

describe("writing", () => {
  test.each([
    [1_500n, "agent_compute", "1.5"],
    [1_000n, "agent_compute", "1"],
    [10_000n, "agent_compute", "10"],
    [1n, "agent_compute", "0.001"],
    [120n, "agent_compute", "0.12"],
    [0n, "agent_compute", "0"],
    [-1_500n, "agent_compute", "-1.5"],
    [-1n, "agent_compute", "-0.001"],
    [1_500n, "llm_tokens", "1500"],
    [0n, "llm_tokens", "0"],
  ] as const)("%s of %s is %s", (quantity, consumable, text) => {
    expect(formatQuantity(quantity, consumable)).toBe(text)
  })

  test("is read back as the same quantity, and is the shortest text for it", () => {
    const anyQuantity = fc.constantFrom(...CONSUMABLE_CODES).chain((consumable) =>
      fc.record({
        consumable: fc.constant(consumable),
        quantity: fc.bigInt({ min: 1n, max: CATALOG.consumables[consumable].maxQuantity }),
      }),
    )
    fc.assert(
      fc.property(anyQuantity, ({ consumable, quantity }) => {
        const text = formatQuantity(quantity, consumable)
        expect(parseQuantity(text, consumable)).toBe(quantity)
        expect(text).toMatch(/^(0|[1-9][0-9]*)(\.[0-9]*[1-9])?$/)
      }),
    )
  })

  test("gives whole units the same form that a JSON integer has", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...CONSUMABLE_CODES),
        fc.integer({ min: 1, max: 100_000 }),
        (consumable, units) => {
          expect(formatQuantity(parseQuantity(units, consumable), consumable)).toBe(String(units))
        },
      ),
    )
  })
})
