import fc from "fast-check"

const pool = fc.nat({ max: 1 })
const which = fc.nat({ max: 9 })
const step = <T>(weight: number, fields: { [K in keyof T]: fc.Arbitrary<T[K]> }) => ({
  weight,
  arbitrary: fc.record(fields) as fc.Arbitrary<T>,
})
const named = <N extends string>(name: N) => fc.constant(name)

/** Any deed in the life of a team with auto top-up. Amounts are dollars. */
const anyDeed = fc.oneof(
  step(20, { do: named("use"), pool, cents: fc.constantFrom(2, 300, 600, 900, 900, 1_500, 3_000, 9_000) }),
  step(1, { do: named("hold"), pool, cents: fc.constantFrom(60, 900, 1_500) }),
  step(1, { do: named("release"), which }),
  step(2, { do: named("give"), pool, dollars: fc.constantFrom(1, 7, 40) }),
  step(1, { do: named("buy"), pool, dollars: fc.constantFrom(5, 30) }),
  step(3, { do: named("refund"), which, dollars: fc.constantFrom(1, 10, 1_000) }),
  step(1, { do: named("dispute"), which }),
  step(3, {
    do: named("save"),
    pool,
    enabled: fc.nat({ max: 7 }).map((one) => one > 0),
    threshold: fc.constantFrom(0, 5, 10),
    amount: fc.constantFrom(10, 20, 50),
  }),
  step(1, { do: named("save-again"), pool }),
  step(3, { do: named("resume"), pool }),
  step(1, { do: named("cap"), cap: fc.constantFrom(null, null, 0, 70, 200) }),
  step(2, { do: named("card"), card: fc.constantFrom("pm_card_visa", "pm_card_mastercard", "pm_card_amex") }),
  step(1, {
    do: named("decline"),
    code: fc.constantFrom(
      "insufficient_funds" as const,
      "insufficient_funds" as const,
      "stolen_card" as const,
    ),
  }),
  step(1, { do: named("ask-a-person") }),
  step(1, { do: named("confirm"), pool }),
  step(3, {
    do: named("outage"),
    at: fc.constantFrom("create" as const, "confirm" as const, "read" as const),
    /** How many such calls are answered first. */
    after: fc.nat({ max: 1 }),
    /** Whether Stripe did what it was asked to. */
    isDone: fc.boolean(),
  }),
  step(8, { do: named("pass"), minutes: fc.constantFrom(1, 25, 61, 61, 25 * 60) }),
  step(1, { do: named("month-ends") }),
  step(1, { do: named("plan-unpaid"), pool }),
  step(3, { do: named("plan-paid"), pool }),
  step(2, { do: named("sweep") }),
)
export type TopUpDeed = typeof anyDeed extends fc.Arbitrary<infer T> ? T : never

/** Usually a deed's job runs before the next deed. Sometimes much happens first. */
export const anyTopUpStep = fc.record({
  deed: anyDeed,
  isLookedAt: fc.nat({ max: 3 }).map((one) => one > 0),
})
export type TopUpStep = typeof anyTopUpStep extends fc.Arbitrary<infer T> ? T : never
