import { describe, expect, test } from "vitest"
import { NANOS_PER_CENT, NANOS_PER_USD } from "@/lib/money/usd"
import { type CatalogInput, CONSUMABLE_CODES, PLAN_CODES, parseCatalog } from "./schema"

/** A small valid catalog: whole units at a thousand nanos, except voice, which has three decimals. */
function rightCatalog(): CatalogInput {
  const consumable = { name: "Thing", unit: { one: "thing", many: "things" }, decimals: 0, maxUnits: 1_000n }
  const terms = { allowance: 5n, rateNanos: 1_000n }
  const ofEach = <Key extends string, Value>(codes: readonly Key[], value: Value) =>
    Object.fromEntries(codes.map((code) => [code, structuredClone(value)])) as Record<Key, Value>
  const plan = { name: "Plan", monthlyNanos: 0n, includedNanos: 0n, terms: ofEach(CONSUMABLE_CODES, terms) }
  const catalog = { consumables: ofEach(CONSUMABLE_CODES, consumable), plans: ofEach(PLAN_CODES, plan) }
  catalog.consumables.voice.decimals = 3
  const prices = { free: 0n, build: 10n, max: 20n, business: 30n }
  for (const code of ["build", "max", "business"] as const)
    catalog.plans[code].monthlyNanos = prices[code] * NANOS_PER_USD
  Object.assign(catalog.plans.enterprise, { monthlyNanos: null })
  return catalog as CatalogInput
}

/** The catalog with another value at a path such as `plans.build.terms.sms`. Undefined removes it. */
function catalogWith(path: string, value: unknown): CatalogInput {
  const catalog = rightCatalog()
  const keys = path.split(".")
  const last = keys.pop() ?? ""
  let place = catalog as unknown as Record<string, unknown>
  for (const key of keys) place = place[key] as Record<string, unknown>
  if (value === undefined) delete place[last]
  else place[last] = value
  return catalog
}

const refusalOf = (path: string, value: unknown) => {
  try {
    parseCatalog(catalogWith(path, value))
  } catch (error) {
    return (error as Error).message
  }
}

test("a right catalog comes out with scaled quantities", () => {
  const { consumables, plans } = parseCatalog(rightCatalog())
  expect(consumables.sms).toEqual({
    name: "Thing",
    unit: { one: "thing", many: "things" },
    decimals: 0,
    maxQuantity: 1_000n,
  })
  expect(consumables.voice.maxQuantity).toBe(1_000_000n)
  expect(plans.build.terms.sms).toEqual({ allowanceQuantity: 5n, rateNanos: 1_000n })
  expect(plans.build.terms.voice).toEqual({ allowanceQuantity: 5_000n, rateNanos: 1_000n })
})

test.each([
  ["0.5", 500n],
  ["1.125", 1_125n],
  ["60.0", 60_000n],
  [0n, 0n],
])("an allowance of %s minutes is the quantity %s", (allowance, quantity) => {
  const { plans } = parseCatalog(catalogWith("plans.build.terms.voice.allowance", allowance))
  expect(plans.build.terms.voice.allowanceQuantity).toBe(quantity)
})

describe("a wrong catalog is refused by one sentence", () => {
  const RATE = "plans.build.terms.sms.rateNanos"
  const AT_BUILD_SMS = "The catalog is wrong: plan build, consumable sms:"

  test.each([
    ["a free unit", RATE, 0n, `${AT_BUILD_SMS} rateNanos must be above zero`],
    ["a negative rate", RATE, -1n, `${AT_BUILD_SMS} rateNanos must be above zero`],
    ["no rate", RATE, undefined, `${AT_BUILD_SMS} rateNanos is missing`],
    ["no terms", "plans.build.terms.sms", undefined, `${AT_BUILD_SMS} is missing`],
    ["no plan", "plans.max", undefined, "The catalog is wrong: plan max: is missing"],
    ["no consumable", "consumables.sms", undefined, "The catalog is wrong: consumable sms: is missing"],
    ["no name", "plans.max.name", "", "The catalog is wrong: plan max: name must not be empty"],
    [
      "no word for the unit",
      "consumables.sms.unit.many",
      undefined,
      "The catalog is wrong: consumable sms: unit.many is missing",
    ],
    [
      "four decimals",
      "consumables.sms.decimals",
      4,
      "The catalog is wrong: consumable sms: decimals must be 0, 1, 2 or 3",
    ],
    [
      "no room for any record",
      "consumables.sms.maxUnits",
      0n,
      "The catalog is wrong: consumable sms: maxUnits must be above zero",
    ],
    [
      "negative included credits",
      "plans.max.includedNanos",
      -1n,
      "The catalog is wrong: plan max: includedNanos must not be negative",
    ],
    [
      "more included credits than fit",
      "plans.max.includedNanos",
      2n ** 63n,
      "The catalog is wrong: plan max: includedNanos must fit a BIGINT",
    ],
    [
      "decimals that a quantity can't have",
      "plans.build.terms.voice.allowance",
      "0.1234",
      "The catalog is wrong: plan build, consumable voice: allowance 0.1234 has more decimals than a quantity, which has 3",
    ],
    [
      "half a message",
      "plans.build.terms.sms.allowance",
      "0.5",
      `${AT_BUILD_SMS} allowance 0.5 has more decimals than a quantity, which has 0`,
    ],
    [
      "an allowance that doesn't fit when it is scaled",
      "plans.build.terms.voice.allowance",
      10n ** 16n,
      "The catalog is wrong: plan build, consumable voice: allowance must fit a BIGINT",
    ],
    [
      "a rate above that of the smaller plan",
      RATE,
      1_001n,
      `${AT_BUILD_SMS} rateNanos must not be above that of the smaller plan free`,
    ],
  ])("for %s", (_, path, value, sentence) => {
    expect(refusalOf(path, value)).toBe(sentence)
  })

  test.each([
    ["no price", undefined, "monthlyNanos must be USD nanos, or null for a plan by contract"],
    ["a price that is a float", 12.5, "monthlyNanos must be USD nanos, or null for a plan by contract"],
    ["half a cent", 10n * NANOS_PER_USD + NANOS_PER_CENT / 2n, "monthlyNanos must be whole cents"],
    ["a paid plan for nothing", 0n, "monthlyNanos must be above includedNanos"],
    ["the smaller plan’s price", 10n * NANOS_PER_USD, "monthlyNanos must be above that of the smaller plan"],
  ])("for %s", (_, monthlyNanos, problem) => {
    expect(refusalOf("plans.max.monthlyNanos", monthlyNanos)).toBe(
      `The catalog is wrong: plan max: ${problem}`,
    )
  })

  test("for a plan that gives each pool more credits than it costs, or as many", () => {
    for (const included of [10n, 11n])
      expect(refusalOf("plans.build.includedNanos", included * NANOS_PER_USD)).toBe(
        "The catalog is wrong: plan build: monthlyNanos must be above includedNanos",
      )
    expect(refusalOf("plans.build.includedNanos", 10n * NANOS_PER_USD - 1n)).toBeUndefined()
  })

  test("for a free plan that costs something", () => {
    expect(refusalOf("plans.free.monthlyNanos", NANOS_PER_CENT)).toBe(
      "The catalog is wrong: plan free: monthlyNanos must be 0n",
    )
  })

  test.each([
    ["-1n", -1n],
    ["a float", 0.5],
    ["a sign", "-0.5"],
    ["an exponent", "1e3"],
    ["words", "unlimited"],
  ])("for an allowance that is %s", (_, allowance) => {
    expect(refusalOf("plans.build.terms.sms.allowance", allowance)).toBe(
      `${AT_BUILD_SMS} allowance must be whole units such as 5n, or a text such as "0.5"`,
    )
  })

  test.each(["plans.huge", "consumables.fax", "plans.build.terms.fax", "plans.build.price", "currency"])(
    "for the unknown key %s",
    (path) => {
      expect(refusalOf(path, {})).toContain(`Unrecognized key: "${path.split(".").at(-1)}"`)
    },
  )
})

test("the dearest record may cost a million dollars to the nano, and no more", () => {
  const record = (maxUnits: bigint) => refusalOf("consumables.sms.maxUnits", maxUnits)
  expect(record(1_000_000_000_000n)).toBeUndefined()
  expect(record(1_000_000_000_001n)).toBe(
    "The catalog is wrong: plan free, consumable sms: the largest record would cost more than $1,000,000; lower rateNanos or maxUnits",
  )
})
