import { describe, expect, test } from "vitest"
import { MAX_NANOS, NANOS_PER_USD } from "@/lib/money/usd"
import { CATALOG, consumableName } from "./catalog"
import { CONSUMABLE_CODES, MAX_RECORD_COST_NANOS, PLAN_CODES } from "./schema"

const { consumables, plans } = CATALOG
const everyTerm = PLAN_CODES.flatMap((plan) => CONSUMABLE_CODES.map((code) => [plan, code] as const))
const everyStepUp = PLAN_CODES.slice(1).map((plan, index) => [PLAN_CODES[index] ?? plan, plan] as const)

test("plans go from the smallest to the largest", () => {
  expect(PLAN_CODES).toEqual(["free", "build", "max", "business", "enterprise"])
})

describe.each(everyTerm)("the plan %s for %s", (plan, code) => {
  const { rateNanos, allowanceQuantity } = plans[plan].terms[code]
  const { maxQuantity, decimals } = consumables[code]

  test("charges something, and at most a million dollars a record", () => {
    expect(rateNanos).toBeGreaterThan(0n)
    expect(maxQuantity * rateNanos).toBeLessThanOrEqual(MAX_RECORD_COST_NANOS * 10n ** BigInt(decimals))
  })

  test("stays within 64 bits, even when the cost is rounded up", () => {
    expect(2n * maxQuantity * rateNanos + 10n ** BigInt(decimals)).toBeLessThanOrEqual(MAX_NANOS)
    expect(allowanceQuantity).toBeLessThanOrEqual(MAX_NANOS)
  })
})

describe.each(everyStepUp)("going from %s to %s", (smaller, larger) => {
  test.each(CONSUMABLE_CODES)("makes %s cheaper and gives more of it", (code) => {
    expect(plans[larger].terms[code].rateNanos).toBeLessThan(plans[smaller].terms[code].rateNanos)
    expect(plans[larger].terms[code].allowanceQuantity).toBeGreaterThan(
      plans[smaller].terms[code].allowanceQuantity,
    )
  })

  test("includes more credits", () => {
    expect(plans[larger].includedNanos).toBeGreaterThan(plans[smaller].includedNanos)
  })
})

test("each plan’s price is a person’s decision", () => {
  const prices = PLAN_CODES.map((plan) => plans[plan].monthlyNanos)
  expect(prices).toEqual([0n, 25n * NANOS_PER_USD, 120n * NANOS_PER_USD, 300n * NANOS_PER_USD, null])
})

test("a token on Build costs three millionths of a dollar", () => {
  expect(plans.build.terms.llm_tokens.rateNanos).toBe(3_000n)
})

test("quantities are scaled by the consumable's decimals", () => {
  expect(plans.free.terms.agent_compute.allowanceQuantity).toBe(500n)
  expect(plans.build.terms.voice.allowanceQuantity).toBe(60_000n)
  expect(plans.build.terms.llm_tokens.allowanceQuantity).toBe(5_000_000n)
  expect(consumables.agent_compute.maxQuantity).toBe(100_000_000n)
})

test("only hours, minutes and GB-months have decimals", () => {
  const withDecimals = CONSUMABLE_CODES.filter((code) => consumables[code].decimals > 0)
  expect(withDecimals.map((code) => consumables[code].unit.many)).toEqual(["hours", "minutes", "GB-months"])
  expect(withDecimals.map((code) => consumables[code].decimals)).toEqual([3, 3, 3])
})

test.each([
  ["llm_tokens", "LLM tokens"],
  ["email", "Email"],
  ["Welcome credits", "Welcome credits"],
  ["constructor", "constructor"],
  ["", ""],
])("people read %o as %o", (code, name) => {
  expect(consumableName(code)).toBe(name)
})
