import fc from "fast-check"
import { describe, expect, test } from "vitest"
import type { Lot, PoolState } from "@/lib/ledger/pool-state"
import type { Meter } from "./meters"
import { planSpends, type SpendRequest } from "./plan-spends"

const CENT = 10_000_000n
const NO_THRESHOLD = -1n
let nextKey = 0n

const meter: Meter = {
  no: 4,
  consumable: "llm_tokens",
  trigger: "api_key",
  memberId: null,
  apiKeyId: null,
  decimals: 0,
  rateNanos: 1n,
  hasAllowance: false,
}

const request = (quantity: bigint, more: Partial<SpendRequest> = {}): SpendRequest => {
  nextKey += 1n
  return { key: nextKey, print: 5, meter, quantity, reportedAt: null, metadata: null, ...more }
}

/** A pool whose balances are what its lots hold. */
function poolWith(lots: [Lot["kind"], bigint][], more: Partial<PoolState> = {}): PoolState {
  const sum = (isIncluded: boolean) =>
    lots.reduce((total, [kind, left]) => ((kind === "included") === isIncluded ? total + left : total), 0n)
  return {
    poolId: "pool",
    revision: 7n,
    creditsNanos: sum(false),
    includedNanos: sum(true),
    debtNanos: 0n,
    heldNanos: 0n,
    withheldNanos: 0n,
    isLow: false,
    isDepleted: false,
    hasHadCredits: true,
    periodStartsAt: null,
    periodEndsAt: null,
    holdsExpireAt: null,
    isDue: false,
    lots: lots.map(([kind, leftNanos], index) => ({
      grantId: `grant-${index + 1}`,
      no: index + 1,
      kind,
      leftNanos,
      expiresAt: null,
    })),
    allowances: new Map(),
    ...more,
  }
}

describe("what pays", () => {
  test("the allowance comes first, then included credits, promotions and bought credits, in the lots’ order", () => {
    const before = poolWith(
      [
        ["included", 30n],
        ["promotion", 20n],
        ["purchase", 100n],
      ],
      { allowances: new Map([["llm_tokens", 40n]]) },
    )
    const { outcomes, spend } = planSpends(before, [request(100n)], NO_THRESHOLD)
    expect(outcomes).toEqual([
      {
        receipt: {
          costNanos: 60n,
          allowanceQuantity: 40n,
          includedNanos: 30n,
          promotionNanos: 20n,
          creditsNanos: 10n,
          balanceNanos: 90n,
          availableNanos: 90n,
          shortfallNanos: 0n,
        },
      },
    ])
    expect(spend.after).toMatchObject({ creditsNanos: 90n, includedNanos: 0n, revision: 8n })
    expect(spend.after.allowances).toEqual(new Map([["llm_tokens", 0n]]))
  })

  test("an allowance of something else pays nothing", () => {
    const before = poolWith([["purchase", 100n]], { allowances: new Map([["sms", 40n]]) })
    const { outcomes } = planSpends(before, [request(10n)], NO_THRESHOLD)
    expect(outcomes[0]).toMatchObject({ receipt: { costNanos: 10n, allowanceQuantity: 0n } })
  })

  test("several grants are several rows, one after the other, of which the first is the record", () => {
    const before = poolWith(
      [
        ["included", 3n],
        ["promotion", 4n],
        ["purchase", 100n],
      ],
      { heldNanos: 2n },
    )
    const reportedAt = new Date(0)
    const { spend } = planSpends(before, [request(9n, { metadata: "{}", reportedAt })], NO_THRESHOLD)
    expect(spend.rows).toEqual([
      {
        bucket: "included",
        amountNanos: 3n,
        grant: { id: "grant-1", no: 1 },
        meterNo: 4,
        reportedAt,
        record: expect.objectContaining({ quantity: 9n, pieces: 3, heldNanos: 2n, metadata: "{}" }),
      },
      {
        bucket: "credits",
        amountNanos: 4n,
        grant: { id: "grant-2", no: 2 },
        meterNo: 4,
        reportedAt,
        record: null,
      },
      {
        bucket: "credits",
        amountNanos: 2n,
        grant: { id: "grant-3", no: 3 },
        meterNo: 4,
        reportedAt,
        record: null,
      },
    ])
  })

  test("a record that costs nothing is a row of nothing, even of an empty pool", () => {
    const before = poolWith([], { allowances: new Map([["llm_tokens", 10n]]) })
    const { outcomes, spend, crossings } = planSpends(before, [request(10n)], NO_THRESHOLD)
    expect(outcomes[0]).toMatchObject({ receipt: { costNanos: 0n, allowanceQuantity: 10n } })
    expect(spend.rows).toEqual([
      {
        bucket: "included",
        amountNanos: 0n,
        grant: null,
        meterNo: 4,
        reportedAt: null,
        record: expect.objectContaining({ quantity: 10n, pieces: 0, allowanceQuantity: 10n }),
      },
    ])
    expect(crossings).toEqual(["depleted"])
  })

  test("is rounded half up once a record, whatever number of grants pay it", () => {
    const thousandths = { ...meter, decimals: 3, rateNanos: 1n }
    const before = poolWith([
      ["promotion", 1n],
      ["purchase", 100n],
    ])
    const costs = [499n, 500n, 1_499n, 1_500n].map((quantity) => {
      const { outcomes } = planSpends(before, [request(quantity, { meter: thousandths })], NO_THRESHOLD)
      return outcomes[0] && "receipt" in outcomes[0] ? outcomes[0].receipt.costNanos : null
    })
    expect(costs).toEqual([0n, 1n, 1n, 2n])
  })
})

describe("usage makes a pool due", () => {
  const isMadeDue = (before: PoolState, quantity: bigint, hasTopUp = true) =>
    planSpends(before, [request(quantity)], 5n, hasTopUp).isMadeDue

  test("when it leaves it low, also if it was low before, as after a refund", () => {
    expect(isMadeDue(poolWith([["purchase", 10n]]), 5n)).toBe(true)
    expect(isMadeDue(poolWith([["purchase", 10n]]), 4n)).toBe(false)
    expect(isMadeDue(poolWith([["purchase", 3n]], { isLow: true }), 1n)).toBe(true)
  })

  test("once, only with auto top-up on, and never by what the allowance pays or what is refused", () => {
    expect(isMadeDue(poolWith([["purchase", 3n]], { isLow: true, isDue: true }), 1n)).toBe(false)
    expect(isMadeDue(poolWith([["purchase", 3n]]), 1n, false)).toBe(false)
    expect(isMadeDue(poolWith([["purchase", 3n]], { allowances: new Map([["llm_tokens", 1n]]) }), 1n)).toBe(
      false,
    )
    expect(isMadeDue(poolWith([["purchase", 3n]]), 4n)).toBe(false)
  })
})

describe("a refusal", () => {
  test("writes nothing, and leaves what the next record may draw as it was", () => {
    const before = poolWith([["purchase", 10n]], { allowances: new Map([["llm_tokens", 5n]]) })
    const { outcomes, spend } = planSpends(before, [request(16n), request(15n), request(1n)], NO_THRESHOLD)
    expect(outcomes).toEqual([
      {
        refusal: {
          reason: "pool_empty",
          requiredNanos: 11n,
          availableNanos: 10n,
          renewsAt: null,
          isDue: false,
          limit: null,
        },
      },
      { receipt: expect.objectContaining({ costNanos: 10n, allowanceQuantity: 5n }) },
      {
        refusal: {
          reason: "pool_empty",
          requiredNanos: 1n,
          availableNanos: 0n,
          renewsAt: null,
          isDue: false,
          limit: null,
        },
      },
    ])
    expect(spend.rows).toHaveLength(1)
  })

  test("of every record keeps the revision: there is nothing to write", () => {
    const before = poolWith([])
    const { spend, crossings } = planSpends(before, [request(1n)], NO_THRESHOLD)
    expect(spend).toEqual({ poolId: "pool", revision: 7n, after: before, rows: [], limits: [] })
    expect(crossings).toEqual([])
  })

  test.each([
    ["debt", { debtNanos: 5n * CENT, creditsNanos: -5n * CENT }, meter],
    ["pool_empty", {}, meter],
    ["pool_empty", {}, { ...meter, hasAllowance: true }],
    ["pool_empty", { hasHadCredits: false }, meter],
    ["pool_empty", { creditsNanos: CENT - 1n }, { ...meter, rateNanos: CENT }],
    ["not_enough", { creditsNanos: CENT }, { ...meter, rateNanos: 2n * CENT }],
    ["allowance_exhausted", { hasHadCredits: false }, { ...meter, hasAllowance: true }],
    ["plan_unpaid", { withheldNanos: 1n }, meter],
    ["plan_unpaid", { withheldNanos: 5n, hasHadCredits: false }, { ...meter, hasAllowance: true }],
    ["debt", { withheldNanos: 5n, debtNanos: 5n * CENT, creditsNanos: -5n * CENT }, meter],
  ])("says %s of a pool with %o", (reason, more, of) => {
    const { outcomes } = planSpends(poolWith([], more), [request(1n, { meter: of })], NO_THRESHOLD)
    expect(outcomes[0]).toMatchObject({ refusal: { reason } })
  })

  test("never comes for what the allowance pays, also when more is held than there is", () => {
    const allowances = new Map([["llm_tokens", 3n]])
    const before = poolWith([["promotion", 5n]], { heldNanos: 9n, allowances })
    const { outcomes } = planSpends(before, [request(3n), request(1n)], NO_THRESHOLD)
    expect(outcomes).toMatchObject([{ receipt: { costNanos: 0n } }, { refusal: { reason: "pool_empty" } }])
  })

  test("of what the allowance pays isn’t made for a debt of less than a cent; what costs something is refused", () => {
    const state = poolWith([], {
      debtNanos: CENT - 1n,
      creditsNanos: 1n - CENT,
      allowances: new Map([["llm_tokens", 10n]]),
    })
    const withAllowance = { ...meter, hasAllowance: true }
    const requests = [request(10n, { meter: withAllowance }), request(1n, { meter: withAllowance })]
    const { outcomes } = planSpends(state, requests, NO_THRESHOLD)
    expect(outcomes).toMatchObject([
      { receipt: { costNanos: 0n, allowanceQuantity: 10n } },
      { refusal: { requiredNanos: 1n } },
    ])
  })

  test("comes in debt even with included credits left, and for what the allowance would pay", () => {
    const before = poolWith([["included", 100n]], {
      debtNanos: CENT,
      creditsNanos: -5n,
      allowances: new Map([["llm_tokens", 3n]]),
    })
    const { outcomes } = planSpends(before, [request(3n), request(1n)], NO_THRESHOLD)
    expect(outcomes).toMatchObject([{ refusal: { reason: "debt" } }, { refusal: { reason: "debt" } }])
  })

  test("comes for what is held, to the nano", () => {
    const before = poolWith([["purchase", 10n]], { heldNanos: 4n })
    const outcomeOf = (quantity: bigint) => planSpends(before, [request(quantity)], NO_THRESHOLD).outcomes[0]
    expect(outcomeOf(7n)).toEqual({
      refusal: {
        reason: "pool_empty",
        requiredNanos: 7n,
        availableNanos: 6n,
        renewsAt: null,
        isDue: false,
        limit: null,
      },
    })
    expect(outcomeOf(6n)).toMatchObject({ receipt: { availableNanos: 0n, balanceNanos: 4n } })
  })
})

describe("a record that takes what is there", () => {
  const taking = (quantity: bigint) => request(quantity, { takesWhatIsThere: true })

  test("draws everything that isn’t held, and says what was missing", () => {
    const before = poolWith([["purchase", 10n]], { heldNanos: 4n })
    const { outcomes, spend } = planSpends(before, [taking(9n)], NO_THRESHOLD)
    expect(outcomes[0]).toMatchObject({
      receipt: { costNanos: 6n, creditsNanos: 6n, availableNanos: 0n, shortfallNanos: 3n },
    })
    expect(spend.after).toMatchObject({ creditsNanos: 4n })
  })

  test("falls short of nothing when there is enough", () => {
    const { outcomes } = planSpends(poolWith([["purchase", 10n]]), [taking(10n)], NO_THRESHOLD)
    expect(outcomes[0]).toMatchObject({ receipt: { costNanos: 10n, shortfallNanos: 0n } })
  })

  test.each([
    ["in debt", { debtNanos: 5n * CENT, creditsNanos: -5n * CENT }],
    ["where more is held than there is", { heldNanos: 50n }],
  ])("draws nothing %s", (_, more) => {
    const before = poolWith([["included", 10n]], more)
    const { outcomes, spend } = planSpends(before, [taking(3n)], NO_THRESHOLD)
    expect(outcomes[0]).toMatchObject({ receipt: { costNanos: 0n, shortfallNanos: 3n } })
    expect(spend.after.includedNanos).toBe(10n)
  })
})

describe("a crossing", () => {
  const crossingsOf = (before: PoolState, quantity: bigint, threshold: bigint) => {
    const { crossings, spend } = planSpends(before, [request(quantity)], threshold)
    return { crossings, after: spend.after }
  }

  test("to low is at the threshold, not a nano above it, and is told once", () => {
    const before = poolWith([["purchase", 100n * CENT]])
    const above = crossingsOf(before, 50n * CENT - 1n, 50n * CENT)
    expect(above.crossings).toEqual([])
    const at = crossingsOf(above.after, 1n, 50n * CENT)
    expect(at.crossings).toEqual(["low"])
    expect(crossingsOf(at.after, 1n, 50n * CENT).crossings).toEqual([])
  })

  test("to low looks at what is left to pay with: included credits count, what is held doesn’t", () => {
    const before = poolWith(
      [
        ["included", 100n * CENT],
        ["purchase", 40n * CENT],
      ],
      { heldNanos: 20n * CENT },
    )
    expect(crossingsOf(before, 1n, 120n * CENT - 1n).crossings).toEqual(["low"])
    expect(crossingsOf(before, 1n, 120n * CENT - 2n).crossings).toEqual([])
  })

  test("to depleted is below a cent, with what is included, and is told once", () => {
    const before = poolWith([
      ["included", 3n * CENT],
      ["purchase", 2n * CENT],
    ])
    const still = crossingsOf(before, 4n * CENT, NO_THRESHOLD)
    expect(still.crossings).toEqual([])
    const used = crossingsOf(still.after, 1n, NO_THRESHOLD)
    expect(used.crossings).toEqual(["depleted"])
    expect(crossingsOf(used.after, 1n, NO_THRESHOLD).crossings).toEqual([])
  })

  test("of many records at once is told once, and both at once are both told", () => {
    const before = poolWith([["purchase", 10n * CENT]])
    const requests = Array.from({ length: 10 }, () => request(CENT))
    expect(planSpends(before, requests, 5n * CENT).crossings).toEqual(["low", "depleted"])
  })

  test("counts again after the threshold was lowered below the balance", () => {
    const before = poolWith([["purchase", 10n * CENT]], { isLow: true })
    const lowered = crossingsOf(before, CENT, 5n * CENT)
    expect(lowered).toMatchObject({ crossings: [], after: { isLow: false } })
    expect(crossingsOf(lowered.after, 4n * CENT, 5n * CENT).crossings).toEqual(["low"])
  })
})

const kinds: Lot["kind"][] = ["included", "promotion", "purchase", "auto_top_up"]
const anyPool = fc
  .record({
    lots: fc.array(fc.tuple(fc.constantFrom(...kinds), fc.bigInt({ min: 1n, max: 1_000n })), {
      maxLength: 5,
    }),
    allowance: fc.bigInt({ min: 0n, max: 500n }),
    heldNanos: fc.bigInt({ min: 0n, max: 300n }),
  })
  .map(({ lots, allowance, heldNanos }) =>
    poolWith(
      lots.sort(([a], [b]) => kinds.indexOf(a) - kinds.indexOf(b)),
      { heldNanos, allowances: new Map([["llm_tokens", allowance]]) },
    ),
  )
const anyRequests = fc.array(
  fc.record({ quantity: fc.bigInt({ min: 1n, max: 900n }), takesWhatIsThere: fc.boolean() }),
  { maxLength: 12 },
)

test("rows, receipts and the resulting state agree, and nothing is overdrawn, whatever is asked", () => {
  fc.assert(
    fc.property(anyPool, anyRequests, (before, asked) => {
      const untouched = structuredClone(before)
      const requests = asked.map(({ quantity, ...more }) => request(quantity, more))
      const { outcomes, spend } = planSpends(before, requests, NO_THRESHOLD)
      expect(before).toEqual(untouched)
      const receipts = outcomes.flatMap((outcome) => ("receipt" in outcome ? [outcome.receipt] : []))
      const total = (amounts: bigint[]) => amounts.reduce((sum, amount) => sum + amount, 0n)
      const drawn = (bucket: string) =>
        total(spend.rows.filter((row) => row.bucket === bucket).map((row) => row.amountNanos))
      const { after } = spend
      expect(drawn("included")).toBe(before.includedNanos - after.includedNanos)
      expect(drawn("credits")).toBe(before.creditsNanos - after.creditsNanos)
      expect(total(receipts.map(({ costNanos }) => costNanos))).toBe(drawn("included") + drawn("credits"))
      expect(spend.rows.filter(({ record }) => record)).toHaveLength(receipts.length)
      expect(total(after.lots.map(({ leftNanos }) => leftNanos))).toBe(
        after.includedNanos + after.creditsNanos,
      )
      if (drawn("included") + drawn("credits") > 0n)
        expect(after.includedNanos + after.creditsNanos).toBeGreaterThanOrEqual(before.heldNanos)
      for (const [index, outcome] of outcomes.entries())
        if ("refusal" in outcome) {
          expect(asked[index]?.takesWhatIsThere).toBe(false)
          expect(outcome.refusal.requiredNanos).toBeGreaterThan(outcome.refusal.availableNanos)
        } else {
          const { costNanos, allowanceQuantity, shortfallNanos, ...paid } = outcome.receipt
          expect(costNanos + shortfallNanos + allowanceQuantity).toBe(asked[index]?.quantity)
          expect(paid.includedNanos + paid.promotionNanos + paid.creditsNanos).toBe(costNanos)
        }
    }),
    { numRuns: 500 },
  )
})
