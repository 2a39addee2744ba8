import fc from "fast-check"

const anyAmount = fc.oneof(fc.bigInt({ min: 1n, max: 60n }), fc.bigInt({ min: 1n, max: 10_000_000_000n }))
const anyQuantity = fc.oneof(
  { weight: 4, arbitrary: fc.bigInt({ min: 1n, max: 40n }) },
  { weight: 2, arbitrary: fc.bigInt({ min: 1n, max: 4_000n }) },
  { weight: 1, arbitrary: fc.bigInt({ min: 1n, max: 10_000_000_000n }) },
)
const anyHours = fc.oneof(fc.integer({ min: 1, max: 72 }), fc.integer({ min: 1, max: 40 * 24 }))
/** Stripe moves only cents. A single one leaves debts of less than a cent behind usage of a few nanos. */
const anyCents = fc.oneof(fc.constant(1), fc.integer({ min: 1, max: 1_000 }))
const which = fc.nat({ max: 9 })
const once = <T extends string>(name: T) => fc.record({ do: fc.constant(name) })

/** Any step in a pool's life. */
export const anyStep = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constant("spend" as const),
      meter: fc.nat({ max: 2 }),
      quantity: anyQuantity,
      takesWhatIsThere: fc.boolean(),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant("reverse" as const),
      which,
      /** Null: all that is left of the record. */
      quantity: fc.option(anyQuantity),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant("give" as const),
      amount: anyAmount,
      expiresIn: fc.option(anyHours),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant("buy" as const),
      cents: anyCents,
      taxCents: fc.constantFrom(0, 0, 1, 87),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant("refund" as const),
      which,
      /** Null: all of it. */
      cents: fc.option(anyCents),
      /** Whether Stripe tells of it once more. */
      isToldTwice: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("fail-refund" as const), which }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant("dispute" as const),
      which,
      cents: fc.option(anyCents),
      status: fc.constantFrom(
        "inquiry" as const,
        "open" as const,
        "open" as const,
        "won" as const,
        "lost" as const,
      ),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("pass" as const), hours: anyHours }) },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant("hold" as const), amount: anyAmount, expiresIn: anyHours }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("release" as const), which }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("reduce" as const), which }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant("capture" as const), which, quantity: anyQuantity }),
  },
  { weight: 1, arbitrary: once("withhold") },
  { weight: 1, arbitrary: once("return") },
  /** The next period isn't paid when it begins. */
  { weight: 1, arbitrary: once("fail-renewal") },
)
export type ModelStep = typeof anyStep extends fc.Arbitrary<infer T> ? T : never
